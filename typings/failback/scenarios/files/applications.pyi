from scenarios.files.applications import *
