from scenarios.runs.result_file import *
