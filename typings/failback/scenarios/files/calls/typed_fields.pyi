from scenarios.files.calls.typed_fields import *
