from scenarios.judging.shared_verdicts import *
