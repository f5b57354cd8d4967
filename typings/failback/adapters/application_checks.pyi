from adapters.application_checks import *
