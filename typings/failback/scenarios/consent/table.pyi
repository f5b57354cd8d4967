from scenarios.consent.table import *
