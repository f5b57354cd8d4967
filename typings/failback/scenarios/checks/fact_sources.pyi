from scenarios.checks.fact_sources import *
