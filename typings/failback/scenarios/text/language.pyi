from scenarios.text.language import *
