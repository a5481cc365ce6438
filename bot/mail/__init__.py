"""E-mail: from its row in the store to the mail server."""
