from scenarios.files.yaml_source import *
