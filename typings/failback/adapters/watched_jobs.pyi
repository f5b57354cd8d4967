from adapters.watched_jobs import *
