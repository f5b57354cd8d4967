from adapters.importing.live_resources import *
