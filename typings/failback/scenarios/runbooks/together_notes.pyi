from scenarios.runbooks.together_notes import *
