from scenarios.there import *
