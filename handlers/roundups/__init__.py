"""Roundups: once a week the community's news in its channels, and to the staff what needs them."""
