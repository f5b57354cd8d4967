from scenarios.latest_start import *
