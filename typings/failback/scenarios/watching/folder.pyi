from scenarios.watching.folder import *
