from scenarios.ways_played import *
