from scenarios.aftercare.after import *
