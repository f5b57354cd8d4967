from simulator.arm.site_faults import *
