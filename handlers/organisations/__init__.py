"""Organisations as members of the community: their people, contact, seats, invitations and handovers."""
