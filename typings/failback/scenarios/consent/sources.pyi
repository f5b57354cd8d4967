from scenarios.consent.sources import *
