from adapters.vcsim import *
