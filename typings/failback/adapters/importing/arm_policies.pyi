from adapters.importing.arm_policies import *
