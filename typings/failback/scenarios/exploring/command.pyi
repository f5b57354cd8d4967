from scenarios.exploring.command import *
