"""What is remembered: models, queries and migrations for SQLite and PostgreSQL."""
