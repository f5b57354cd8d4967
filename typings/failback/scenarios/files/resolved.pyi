from scenarios.files.resolved import *
