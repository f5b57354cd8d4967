from adapters.soap_rewriting import *
