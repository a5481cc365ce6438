"""One search over everything that members share, see and go to."""
