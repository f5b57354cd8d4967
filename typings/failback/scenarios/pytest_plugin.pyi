from scenarios.pytest_plugin import *
