from scenarios.servers.showcase import *
