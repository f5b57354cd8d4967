from scenarios.checks.junit import *
