"""Files that people write: what may stand in them, how they are read, checked and refused."""
