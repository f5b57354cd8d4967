from simulator.network.fast import *
