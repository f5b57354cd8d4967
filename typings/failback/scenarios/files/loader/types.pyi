from scenarios.files.loader.types import *
