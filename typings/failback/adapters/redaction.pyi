from adapters.redaction import *
