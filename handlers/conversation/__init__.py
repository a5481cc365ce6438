"""What every conversation is made of: screens, forms, events, actions, texts, dates, notices."""
