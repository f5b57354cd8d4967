from simulator.arm.state.resource_store import *
