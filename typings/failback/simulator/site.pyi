from simulator.site import *
