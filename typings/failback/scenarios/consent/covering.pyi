from scenarios.consent.covering import *
