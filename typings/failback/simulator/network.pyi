from simulator.network import *
