from scenarios.run.vcsim_voice import *
