"""The menu, help, language, and the way back."""
