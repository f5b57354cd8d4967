from adapters.importing.arm_kinds import *
