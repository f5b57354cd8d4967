from scenarios.exploring.case import *
