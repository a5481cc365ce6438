"""The Slack adapter's contract."""
