"""What is decided about the lists, from values alone."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import TypeVar

KEY_LENGTH = 30
"""Characters of a key: it travels in buttons."""

Item = TypeVar("Item")


def key_for(name: str, taken: Collection[str]) -> str:
    """A key for a new line: its English name in lower case and ASCII, with a number behind it where that is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:KEY_LENGTH].strip("_") or "item"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    return key


def moved(items: Sequence[Item], item: Item, by: int) -> list[Item]:
    """The order after one of them has gone up (-1) or down (+1); at the end of the list it stays."""
    order = list(items)
    at = order.index(item)
    to = max(0, min(len(order) - 1, at + by))
    order.insert(to, order.pop(at))
    return order
