from simulator.arm.control.front_page import *
