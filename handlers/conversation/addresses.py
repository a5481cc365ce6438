"""E-mail addresses as people type them: read, refused where they are nobody's work address, brought into one form."""

import re
from dataclasses import dataclass

LONGEST = 254
"""Characters of an address (RFC 5321, 4.5.3.1.3, less the angle brackets)."""
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
"""The part before the @: dot-atom text (RFC 5322, 3.2.3). Quoted ones exist on paper only."""
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
FREE_MAIL = frozenset(
    """
    gmail.com googlemail.com outlook.com outlook.it hotmail.com hotmail.it live.com live.it msn.com yahoo.com
    yahoo.it yahoo.co.uk yahoo.fr yahoo.de yahoo.es ymail.com icloud.com me.com mac.com aol.com gmx.com gmx.net
    gmx.de web.de mail.com proton.me protonmail.com pm.me tutanota.com tuta.com zoho.com yandex.com yandex.ru
    mail.ru libero.it virgilio.it tiscali.it alice.it tim.it tin.it inwind.it iol.it email.it fastwebnet.it
    teletu.it aruba.it pec.it legalmail.it postecert.it orange.fr wanadoo.fr free.fr laposte.net t-online.de
    freenet.de qq.com 163.com 126.com naver.com mailinator.com guerrillamail.com 10minutemail.com yopmail.com
    """.split()  # noqa: SIM905 - a list of sixty words is read more easily so
)
"""Where everybody gets an address: it says nothing about whose people they are. Certified mail (PEC) too."""


@dataclass(frozen=True, slots=True)
class MailAddress:
    """An address in its one form."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def mailbox(self) -> str:
        """The address without what providers let people add behind a plus sign: whose limit it counts against."""
        return f"{self.local.partition('+')[0] or self.local}@{self.domain}"

    @property
    def shown(self) -> str:
        """Enough of it to recognise one's own: ``a…@clinica.example``."""
        return f"{self.local[0]}…@{self.domain}"


def read_domain(text: str) -> str | None:
    """A domain in lower case and ASCII (RFC 5891), with at least two labels; ``None`` when it is none."""
    word = text.strip().strip(".").removeprefix("@").lower()
    try:
        domain = word.encode("idna").decode("ascii").lower() if word else ""
    except UnicodeError:
        return None
    labels = domain.split(".")
    if len(labels) < 2 or len(domain) > LONGEST or labels[-1].isdigit():
        return None
    return domain if all(LABEL.fullmatch(label) for label in labels) else None


def read_address(text: str) -> MailAddress | None:
    """An address; ``None`` when it is none. Upper and lower case do not matter: no provider tells them apart."""
    word = text.strip().removeprefix("mailto:").strip("<> ")
    local, at, rest = word.rpartition("@")
    domain = read_domain(rest) if at and not rest.startswith((".", "@")) and not rest.endswith(".") else None
    if domain is None or len(local) > 64 or not LOCAL.fullmatch(local):
        return None
    address = MailAddress(local.lower(), domain)
    return address if len(str(address)) <= LONGEST else None


def is_free_mail(domain: str) -> bool:
    """Whether everybody can get an address there."""
    return domain in FREE_MAIL
