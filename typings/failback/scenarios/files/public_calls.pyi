from scenarios.files.public_calls import *
