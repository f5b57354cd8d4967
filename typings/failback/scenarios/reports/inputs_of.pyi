from scenarios.reports.inputs_of import *
