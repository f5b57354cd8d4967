from scenarios.runbooks.answer_lines import *
