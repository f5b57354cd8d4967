from scenarios.measured_history import *
