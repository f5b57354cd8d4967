from scenarios.run.fault_facts import *
