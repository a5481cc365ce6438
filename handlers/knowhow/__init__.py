"""Know-how: shared, approved, found."""
