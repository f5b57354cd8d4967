from scenarios.runbooks.owner_questions import *
