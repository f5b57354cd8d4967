from adapters.estate_vsphere import *
