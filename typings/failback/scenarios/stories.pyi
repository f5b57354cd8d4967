from scenarios.stories import *
