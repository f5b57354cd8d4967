from scenarios.reports.first_screen import *
