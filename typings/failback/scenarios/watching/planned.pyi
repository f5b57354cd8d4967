from scenarios.watching.planned import *
