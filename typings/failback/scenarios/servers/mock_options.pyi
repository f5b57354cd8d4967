from scenarios.servers.mock_options import *
