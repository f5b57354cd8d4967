from scenarios.consent.case import *
