from adapters.vsphere_places import *
