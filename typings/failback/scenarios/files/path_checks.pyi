from scenarios.files.path_checks import *
