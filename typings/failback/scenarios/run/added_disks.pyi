from scenarios.run.added_disks import *
