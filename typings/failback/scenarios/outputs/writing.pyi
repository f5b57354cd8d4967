from scenarios.outputs.writing import *
