from scenarios.predictions.purchase_effect import *
