from scenarios.mock_snippets import *
