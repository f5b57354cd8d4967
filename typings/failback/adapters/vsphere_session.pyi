from adapters.vsphere_session import *
