from adapters.soap_overrides import *
