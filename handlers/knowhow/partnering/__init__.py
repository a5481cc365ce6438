"""Offers and requests for the Enterprise Europe Network, as a file for the staff."""
