from adapters.vsphere_facts import *
