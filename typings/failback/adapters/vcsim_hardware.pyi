from adapters.vcsim_hardware import *
