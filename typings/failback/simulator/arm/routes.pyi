from simulator.arm.routes import *
