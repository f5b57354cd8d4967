from simulator.arm.dates import *
