from scenarios.watching.draws import *
