from scenarios.yaml_source import *
