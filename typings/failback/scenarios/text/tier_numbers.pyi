from scenarios.text.tier_numbers import *
