from adapters.importing.arm_json import *
