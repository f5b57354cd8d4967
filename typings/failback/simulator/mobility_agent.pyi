from simulator.mobility_agent import *
