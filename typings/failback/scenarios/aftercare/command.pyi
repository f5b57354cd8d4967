from scenarios.aftercare.command import *
