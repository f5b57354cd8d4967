from scenarios.exploring.explore import *
