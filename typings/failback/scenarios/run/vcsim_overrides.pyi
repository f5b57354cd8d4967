from scenarios.run.vcsim_overrides import *
