"""Is this estate ready to come home? What blocks, by which object, and what to do."""
