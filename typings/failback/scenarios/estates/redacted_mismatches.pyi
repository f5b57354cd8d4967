from scenarios.estates.redacted_mismatches import *
