from simulator.chance import *
