from adapters.importing.arm_unused import *
