from scenarios.predictions.expected_plays import *
