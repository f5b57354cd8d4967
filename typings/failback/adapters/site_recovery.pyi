from adapters.site_recovery import *
