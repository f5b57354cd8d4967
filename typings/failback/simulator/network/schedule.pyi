from simulator.network.schedule import *
