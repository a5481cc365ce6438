"""What is stored and why, and what each person allows."""
