from adapters.vsphere_hands import *
