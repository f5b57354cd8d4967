from scenarios.consent.approval import *
