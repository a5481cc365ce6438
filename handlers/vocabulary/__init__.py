"""The lists that staff keep: sectors, topics, kinds of post."""
