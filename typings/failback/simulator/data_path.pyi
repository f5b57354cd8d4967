from simulator.data_path import *
