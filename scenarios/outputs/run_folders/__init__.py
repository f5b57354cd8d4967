"""The folder of a run: its identity and lock, and the one reader of its history and its result."""
