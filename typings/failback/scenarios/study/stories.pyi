from scenarios.study.stories import *
