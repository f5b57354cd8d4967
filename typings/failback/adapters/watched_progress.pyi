from adapters.watched_progress import *
