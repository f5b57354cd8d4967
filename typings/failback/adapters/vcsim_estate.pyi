from adapters.vcsim_estate import *
