"""The sample community, its clock, and the story that plays the six jobs."""
