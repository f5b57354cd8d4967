from scenarios.consent.door import *
