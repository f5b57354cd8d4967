from scenarios.runbooks.twin_questions import *
