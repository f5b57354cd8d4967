from scenarios.exploring.disturbed_vault import *
