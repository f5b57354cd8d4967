from scenarios.cli.renamed_options import *
