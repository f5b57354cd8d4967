from scenarios.watching.sending import *
