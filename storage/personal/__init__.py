"""What is personal in each table, and what export, erasure and retention do with it: one declaration for all three."""
