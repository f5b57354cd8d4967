from adapters.vcsim_build import *
