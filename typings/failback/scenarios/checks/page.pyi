from scenarios.checks.page import *
