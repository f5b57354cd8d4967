from adapters.arm_rim import *
