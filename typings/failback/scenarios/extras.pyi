from scenarios.extras import *
