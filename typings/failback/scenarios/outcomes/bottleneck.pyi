from scenarios.outcomes.bottleneck import *
