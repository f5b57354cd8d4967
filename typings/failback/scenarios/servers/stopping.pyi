from scenarios.servers.stopping import *
