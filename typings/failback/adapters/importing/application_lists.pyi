from adapters.importing.application_lists import *
