from scenarios.runbooks.runbook import *
