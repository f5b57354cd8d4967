from scenarios.aftercare.tasks import *
