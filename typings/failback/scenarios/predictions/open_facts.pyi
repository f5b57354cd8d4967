from scenarios.predictions.open_facts import *
