from scenarios.lint import *
