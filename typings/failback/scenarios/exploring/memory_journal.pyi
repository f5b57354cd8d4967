from scenarios.exploring.memory_journal import *
