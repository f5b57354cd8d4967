from scenarios.watching.notes import *
