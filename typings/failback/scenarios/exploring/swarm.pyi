from scenarios.exploring.swarm import *
