from adapters.estate_client import *
