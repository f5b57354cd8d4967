from scenarios.run.lab_client import *
