from adapters.importing.vsphere_words import *
