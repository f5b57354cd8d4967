from scenarios.files.loader import *
