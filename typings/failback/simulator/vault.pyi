from simulator.vault import *
