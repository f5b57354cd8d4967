from scenarios.people import *
