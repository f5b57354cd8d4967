from scenarios.exploring.forks import *
