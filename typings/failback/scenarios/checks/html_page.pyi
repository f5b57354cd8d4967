from scenarios.checks.html_page import *
