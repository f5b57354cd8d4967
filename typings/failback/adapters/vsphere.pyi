from adapters.vsphere import *
