from scenarios.consent.legs import *
