from scenarios.vcsim_voice import *
