from scenarios.redacted_streams import *
