from scenarios.study.fewer_machines import *
