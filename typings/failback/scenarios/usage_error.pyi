from scenarios.usage_error import *
