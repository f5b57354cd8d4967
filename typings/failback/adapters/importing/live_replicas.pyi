from adapters.importing.live_replicas import *
