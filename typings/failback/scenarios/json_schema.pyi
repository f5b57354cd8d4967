from scenarios.json_schema import *
