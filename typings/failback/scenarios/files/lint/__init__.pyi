from scenarios.files.lint import *
