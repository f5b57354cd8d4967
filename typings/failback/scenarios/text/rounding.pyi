from scenarios.text.rounding import *
