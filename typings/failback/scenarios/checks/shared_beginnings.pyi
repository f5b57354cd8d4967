from scenarios.checks.shared_beginnings import *
