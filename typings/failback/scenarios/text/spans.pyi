from scenarios.text.spans import *
