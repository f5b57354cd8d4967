from scenarios.checks.finding_words import *
