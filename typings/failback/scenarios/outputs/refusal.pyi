from scenarios.outputs.refusal import *
