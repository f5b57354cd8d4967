from adapters.vsphere_rim import *
