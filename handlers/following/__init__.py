"""Following: topics, sectors, organisations and authors of know-how, each at once, in the digest, or not at all."""
