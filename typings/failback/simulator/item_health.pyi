from simulator.item_health import *
