from scenarios.watching.changes import *
