from scenarios.study_rows import *
