from scenarios.files.lint.unusual import *
