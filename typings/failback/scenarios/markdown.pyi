from scenarios.markdown import *
