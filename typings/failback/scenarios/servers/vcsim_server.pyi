from scenarios.servers.vcsim_server import *
