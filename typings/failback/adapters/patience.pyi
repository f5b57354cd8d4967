from adapters.patience import *
