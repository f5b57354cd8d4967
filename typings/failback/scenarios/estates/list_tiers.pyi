from scenarios.estates.list_tiers import *
