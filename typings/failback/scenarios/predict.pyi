from scenarios.predict import *
