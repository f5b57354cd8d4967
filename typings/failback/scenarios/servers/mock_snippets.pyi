from scenarios.servers.mock_snippets import *
