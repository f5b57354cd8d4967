from scenarios.estates.redact_command import *
