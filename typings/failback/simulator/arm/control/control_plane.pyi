from simulator.arm.control.control_plane import *
