from scenarios.files.json_schema import *
