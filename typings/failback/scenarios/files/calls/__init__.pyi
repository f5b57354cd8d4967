from scenarios.files.calls import *
