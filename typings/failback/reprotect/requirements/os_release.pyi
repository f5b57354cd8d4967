from reprotect.requirements.os_release import *
