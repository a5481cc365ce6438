"""The web chat: the same screens and forms in a browser, for the demo and for trying changes."""
