from scenarios.predictions.remedy import *
