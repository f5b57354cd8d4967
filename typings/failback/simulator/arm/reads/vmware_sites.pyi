from simulator.arm.reads.vmware_sites import *
