"""Domains of e-mail addresses: whose people read mail there."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

Owner = TypeVar("Owner")


def enclosing(domain: str) -> list[str]:
    """The domain and those it lies in, the narrowest first, without the top level: ``["a.b.it", "b.it"]``."""
    labels = domain.lower().strip(".").split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def owner_of(domain: str, owned: Mapping[Owner, Iterable[str]]) -> Owner | None:
    """Who owns a domain or the nearest one around it; ``None`` when nobody does, or more than one.

    Two that own the same domain are a mistake which a person has to settle: nobody is let in by it.
    """
    owners: dict[str, list[Owner]] = {}
    for owner, domains in owned.items():
        for one in domains:
            owners.setdefault(one.lower(), []).append(owner)
    for one in enclosing(domain):
        found = owners.get(one)
        if found is not None:
            return found[0] if len(found) == 1 else None
    return None
