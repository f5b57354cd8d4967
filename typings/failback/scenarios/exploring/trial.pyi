from scenarios.exploring.trial import *
