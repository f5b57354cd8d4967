from scenarios.runbooks.point_answers import *
