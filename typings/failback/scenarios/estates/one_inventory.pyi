from scenarios.estates.one_inventory import *
