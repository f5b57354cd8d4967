from scenarios.runs.reading import *
