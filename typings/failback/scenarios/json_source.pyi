from scenarios.json_source import *
