"""What the rules say of each machine of an estate: one pass, for a check and for a run."""
