from scenarios.mock_server import *
