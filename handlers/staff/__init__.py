"""What the community's office does besides its events, missions and announcements."""
