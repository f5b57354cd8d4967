from scenarios.exploring.verdict import *
