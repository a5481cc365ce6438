"""What is served over HTTP besides the web chat: health, metrics and the platforms' webhooks."""
