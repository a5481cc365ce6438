"""Commands that are large enough for files of their own."""
