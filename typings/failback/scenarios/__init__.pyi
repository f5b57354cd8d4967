from scenarios import *
