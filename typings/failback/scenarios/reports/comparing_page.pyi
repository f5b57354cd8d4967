from scenarios.reports.comparing_page import *
