"""Events: the live card, answers and the waiting list, organising, reminders."""
