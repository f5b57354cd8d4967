from scenarios.files.typed_fields import *
