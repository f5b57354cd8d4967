from scenarios.cli.import_files import *
