from scenarios.outputs.workbook import *
