from scenarios.files.true_seconds import *
