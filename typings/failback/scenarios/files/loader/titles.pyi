from scenarios.files.loader.titles import *
