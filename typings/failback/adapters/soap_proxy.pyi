from adapters.soap_proxy import *
