from adapters.watched_vault import *
