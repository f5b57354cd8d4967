from scenarios.checks.own_codes import *
