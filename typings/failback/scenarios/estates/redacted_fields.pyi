from scenarios.estates.redacted_fields import *
