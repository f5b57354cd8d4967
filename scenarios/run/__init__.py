"""One run of one scenario: the world it is played in, and what is made of it."""
