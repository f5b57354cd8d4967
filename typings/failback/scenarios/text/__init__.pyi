from scenarios.text import *
