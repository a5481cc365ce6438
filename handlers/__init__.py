"""What the bot does and says: features, and the neutral chat model in which they speak."""
