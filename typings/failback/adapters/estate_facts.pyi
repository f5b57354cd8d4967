from adapters.estate_facts import *
