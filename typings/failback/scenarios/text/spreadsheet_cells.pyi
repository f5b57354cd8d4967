from scenarios.text.spreadsheet_cells import *
