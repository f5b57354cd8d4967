from scenarios.bottleneck import *
