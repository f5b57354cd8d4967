from scenarios.predict_rows import *
