from scenarios.files.schema import *
