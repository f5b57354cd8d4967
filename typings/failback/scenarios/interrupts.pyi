from scenarios.interrupts import *
