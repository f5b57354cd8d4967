from simulator.network_fast import *
