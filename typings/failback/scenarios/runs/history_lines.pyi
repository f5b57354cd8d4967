from scenarios.runs.history_lines import *
