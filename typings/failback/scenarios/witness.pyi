from scenarios.witness import *
