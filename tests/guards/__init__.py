"""Rules that hold for the whole program, checked one by one over everything that is registered."""
