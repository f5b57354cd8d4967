from scenarios.exploring.shrinking import *
