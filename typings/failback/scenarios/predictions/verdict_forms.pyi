from scenarios.predictions.verdict_forms import *
