from simulator.arm.control.site_faults import *
