from adapters.vsphere_tasks import *
