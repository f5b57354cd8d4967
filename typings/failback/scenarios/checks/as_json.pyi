from scenarios.checks.as_json import *
