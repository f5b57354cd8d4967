from simulator.heartbeats import *
