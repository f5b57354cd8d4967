from adapters.importing.arm_items import *
