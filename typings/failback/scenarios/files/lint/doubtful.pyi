from scenarios.files.lint.doubtful import *
