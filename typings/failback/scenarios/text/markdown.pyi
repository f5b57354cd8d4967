from scenarios.text.markdown import *
