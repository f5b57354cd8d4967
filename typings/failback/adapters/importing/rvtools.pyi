from adapters.importing.rvtools import *
