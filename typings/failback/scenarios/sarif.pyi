from scenarios.sarif import *
