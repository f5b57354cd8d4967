from scenarios.reports.rule_words import *
