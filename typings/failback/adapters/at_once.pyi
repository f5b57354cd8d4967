from adapters.at_once import *
