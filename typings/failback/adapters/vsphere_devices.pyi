from adapters.vsphere_devices import *
