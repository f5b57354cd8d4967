from scenarios.watching.pages import *
