from scenarios.showcase import *
