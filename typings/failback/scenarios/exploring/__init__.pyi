from scenarios.exploring import *
