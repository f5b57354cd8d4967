"""What a mock remembers: its world, its clock, its rules, what came in."""
