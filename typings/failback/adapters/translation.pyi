from adapters.translation import *
