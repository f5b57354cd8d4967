from scenarios.predictions.ways_played import *
