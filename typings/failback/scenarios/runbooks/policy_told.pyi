from scenarios.runbooks.policy_told import *
