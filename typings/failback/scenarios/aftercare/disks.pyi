from scenarios.aftercare.disks import *
