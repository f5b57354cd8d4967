from adapters.watched_servers import *
