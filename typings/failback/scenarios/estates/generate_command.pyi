from scenarios.estates.generate_command import *
