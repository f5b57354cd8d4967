from scenarios.documentation import *
