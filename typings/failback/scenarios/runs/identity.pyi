from scenarios.runs.identity import *
