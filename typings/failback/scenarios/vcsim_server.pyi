from scenarios.vcsim_server import *
