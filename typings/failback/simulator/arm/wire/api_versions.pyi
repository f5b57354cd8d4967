from simulator.arm.wire.api_versions import *
