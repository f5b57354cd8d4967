from scenarios.files.calls.public_calls import *
