from adapters.importing.vsphere_records import *
