from scenarios.estates.planned_waves import *
