"""The dated answer: will everything be home by then, what binds, what to buy."""
