"""What readers do with posts and answers: useful, solved, saved, reminded, reported."""
