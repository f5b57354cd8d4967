from scenarios.consent.subject import *
