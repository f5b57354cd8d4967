from scenarios.purchases import *
