from scenarios.predictions.bottleneck_words import *
