"""Codes: what they look like, how they are kept, how long they live."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without I, L, O, 0 and 1, which people misread."""
LINK_LENGTH = 8
"""31^8 codes: guessing one of a few live ones within the attempts allowed is hopeless."""
INVITE_LENGTH = 10
LINK_LIFE = timedelta(minutes=15)
INVITE_DAYS = 90
"""How long an invitation works unless its maker says otherwise."""
INVITE_USES = 20
ADDRESS_DIGITS = 6
ADDRESS_LIFE = timedelta(minutes=15)
ADDRESS_GUESSES = 5
"""Wrong answers that a code from an e-mail bears: five of a million."""
MAILS_BY_ONE = 5
MAILS_TO_ONE = 3
"""Codes by e-mail in an hour: asked for by one account, and sent to one address."""
ATTEMPTS = 5
"""Wrong linking codes from one account in the window below."""
INVITE_ATTEMPTS = 10
"""Wrong invitations: long ones get mistyped, and there are 31^10."""
ATTEMPT_WINDOW = timedelta(hours=1)
HINT_LENGTH = 3
"""Characters of an invitation that are shown to tell it from others; the seven that remain are 31^7."""
CODE = re.compile(r"[A-Z0-9]{8,12}")
LINK_PREFIX = "link_"
"""What a deep link's payload begins with when it carries a linking code."""


def new_code(length: int) -> str:
    """A fresh code, from the system's secure source."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_nonce() -> str:
    """What makes an address's code differ from every other."""
    return secrets.token_hex(16)


def tidy(code: str) -> str:
    """A code as people type it, in its one form: capitals, no blanks or dashes."""
    return re.sub(r"[\s-]", "", code).upper()


def looks_like_code(text: str) -> bool:
    """Whether typed text can be a code: capitals and digits, at least one digit or no vowel-rich word."""
    word = tidy(text)
    return bool(CODE.fullmatch(word)) and " " not in text.strip() and (any(c.isdigit() for c in word) or text.isupper())


def same(one: str, other: str) -> bool:
    """Whether two codes are the same, in a time that tells nothing about where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


@dataclass(frozen=True, slots=True)
class CodeKeeper:
    """Turns codes into what is kept of them, under the installation's key.

    The digests are HMAC-SHA-256 (RFC 2104). Without the key, which is not in the store, nobody who has its tables can
    try out codes against them, however short the codes are. A code is looked up by its digest, so no secret is compared
    character by character.

    Args:
        key: the secret. The default is one of this process's own, which no other process and no restart knows.
    """

    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def digest(self, code: str) -> str:
        """What is kept of an invitation or a linking code."""
        return self._mac("code", tidy(code))

    def account(self, platform: str, account: str, user: str) -> str:
        """What is kept of who tried a wrong code; they may not have agreed to be known."""
        return self._mac("account", f"{platform}:{account}:{user}")

    def address(self, address: str) -> str:
        """What is kept of an address to which codes were sent, to count them."""
        return self._mac("address", address)

    def digits(self, nonce: str, address: str) -> str:
        """The code that an e-mail carries: the decimal digits of a keyed digest, as RFC 4226 takes them from one."""
        number = int(self._mac("digits", f"{nonce}:{address}"), 16) % 10**ADDRESS_DIGITS
        return f"{number:0{ADDRESS_DIGITS}}"

    def _mac(self, use: str, text: str) -> str:
        return hmac.new(self.key, f"{use}\0{text}".encode(), hashlib.sha256).hexdigest()
