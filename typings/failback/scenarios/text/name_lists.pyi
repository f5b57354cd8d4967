from scenarios.text.name_lists import *
