from simulator.arm.state.mock_state import *
