from scenarios.predictions.azure_cost import *
