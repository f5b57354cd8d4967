from scenarios.aftercare.prices import *
