from scenarios.installed import *
