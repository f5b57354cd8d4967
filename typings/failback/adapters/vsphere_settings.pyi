from adapters.vsphere_settings import *
