from scenarios.servers import *
