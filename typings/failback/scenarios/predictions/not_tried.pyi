from scenarios.predictions.not_tried import *
