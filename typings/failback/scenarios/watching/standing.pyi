from scenarios.watching.standing import *
