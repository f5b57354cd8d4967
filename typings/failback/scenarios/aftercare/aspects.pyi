from scenarios.aftercare.aspects import *
