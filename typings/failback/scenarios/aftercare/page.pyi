from scenarios.aftercare.page import *
