from scenarios.whatif_summary import *
