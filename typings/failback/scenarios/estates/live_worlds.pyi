from scenarios.estates.live_worlds import *
