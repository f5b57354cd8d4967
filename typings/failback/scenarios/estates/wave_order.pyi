from scenarios.estates.wave_order import *
