from scenarios.run.world_azure import *
