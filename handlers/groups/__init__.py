"""Working groups: who shares some of their know-how with whom."""
