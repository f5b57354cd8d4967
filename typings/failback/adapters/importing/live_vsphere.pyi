from adapters.importing.live_vsphere import *
