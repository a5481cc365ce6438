"""`community-bot privacy`: what a data protection officer and an operator need."""
