from scenarios.watching.measured import *
