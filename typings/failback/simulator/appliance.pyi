from simulator.appliance import *
