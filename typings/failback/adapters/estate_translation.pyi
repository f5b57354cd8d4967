from adapters.estate_translation import *
