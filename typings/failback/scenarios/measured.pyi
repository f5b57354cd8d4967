from scenarios.measured import *
