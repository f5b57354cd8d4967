from adapters.importing.arm_health import *
