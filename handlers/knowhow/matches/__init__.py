"""Offers and requests that fit each other."""
