from scenarios.study.whatif_summary import *
