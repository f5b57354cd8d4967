from scenarios.files import *
