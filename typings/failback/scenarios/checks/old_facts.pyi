from scenarios.checks.old_facts import *
