"""Estate files from what was imported: the join of vault and vSphere, mismatches, and where each fact came from."""
