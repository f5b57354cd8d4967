from adapters.vsphere_properties import *
