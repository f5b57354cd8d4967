from scenarios.text.yaml_text import *
