from scenarios.page_templates import *
