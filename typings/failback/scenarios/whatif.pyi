from scenarios.whatif import *
