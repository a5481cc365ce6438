"""``community-bot agenda …``: the agenda of a B2B fair planned, re-planned, checked and explained, from files alone."""
