from scenarios.aftercare.care import *
