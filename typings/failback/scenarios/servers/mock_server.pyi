from scenarios.servers.mock_server import *
