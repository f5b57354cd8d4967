from adapters.vsphere_errors import *
