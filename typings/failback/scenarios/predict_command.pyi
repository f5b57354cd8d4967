from scenarios.predict_command import *
