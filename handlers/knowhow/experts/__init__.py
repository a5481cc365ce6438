"""Questions passed on to those who may know: a few at a time, none of them too often."""
