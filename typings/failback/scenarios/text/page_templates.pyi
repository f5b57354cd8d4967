from scenarios.text.page_templates import *
