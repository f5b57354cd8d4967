from scenarios.cli.redacted_streams import *
