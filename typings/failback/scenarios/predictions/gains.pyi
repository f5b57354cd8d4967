from scenarios.predictions.gains import *
