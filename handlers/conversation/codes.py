"""Codes: what they look like, how they are kept, how long they live."""

import hashlib
import re
import secrets
from datetime import timedelta

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without I, L, O, 0 and 1, which people misread."""
LINK_LENGTH = 8
"""31^8 codes: guessing one of a few live ones within the attempts allowed is hopeless."""
INVITE_LENGTH = 10
LINK_LIFE = timedelta(minutes=15)
INVITE_LIFE = timedelta(days=90)
INVITE_USES = 50
ATTEMPTS = 5
ATTEMPT_WINDOW = timedelta(hours=1)
CODE = re.compile(r"[A-Z0-9]{8,12}")
LINK_PREFIX = "link_"
"""What a deep link's payload begins with when it carries a linking code."""


def new_code(length: int) -> str:
    """A fresh code, from the system's secure source."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def tidy(code: str) -> str:
    """A code as people type it, in its one form: capitals, no blanks or dashes."""
    return re.sub(r"[\s-]", "", code).upper()


def looks_like_code(text: str) -> bool:
    """Whether typed text can be a code: capitals and digits, at least one digit or no vowel-rich word."""
    word = tidy(text)
    return bool(CODE.fullmatch(word)) and " " not in text.strip() and (any(c.isdigit() for c in word) or text.isupper())


def code_hash(code: str) -> str:
    """What is stored of a code. Looking it up by this digest compares no secret character by character."""
    return hashlib.blake2b(tidy(code).encode(), digest_size=32, person=b"community-bot").hexdigest()


def user_hash(platform: str, account: str, user: str) -> str:
    """What is stored of who tried a wrong code; they may not have agreed to be known."""
    return hashlib.blake2b(f"{platform}:{account}:{user}".encode(), digest_size=32, person=b"attempt").hexdigest()
