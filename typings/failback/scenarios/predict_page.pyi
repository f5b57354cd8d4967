from scenarios.predict_page import *
