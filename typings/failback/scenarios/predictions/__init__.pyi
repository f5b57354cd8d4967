from scenarios.predictions import *
