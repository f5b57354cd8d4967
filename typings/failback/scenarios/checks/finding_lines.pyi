from scenarios.checks.finding_lines import *
