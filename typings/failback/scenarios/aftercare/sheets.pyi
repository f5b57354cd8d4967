from scenarios.aftercare.sheets import *
