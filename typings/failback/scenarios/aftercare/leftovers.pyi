from scenarios.aftercare.leftovers import *
