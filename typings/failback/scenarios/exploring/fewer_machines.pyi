from scenarios.exploring.fewer_machines import *
