from adapters.site_recovery_client import *
