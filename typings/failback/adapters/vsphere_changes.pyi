from adapters.vsphere_changes import *
