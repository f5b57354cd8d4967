from scenarios.run.shared_uuids import *
