"""Words and clocks as people read them."""
