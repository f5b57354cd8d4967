from scenarios.study_pictures import *
