"""What each consent says, word by word, in every version that anybody has ever agreed to.

A row of proof names the version: the month it was written, and a letter if it was not the month's first. Its text
stands here for good. A change of meaning is a new version: add it, with its digest, and make it current. A test
fails when a text that stands here is changed.
"""

import hashlib
from collections.abc import Mapping

from storage.enums import ConsentPurpose, Locale

ConsentTexts = Mapping[ConsentPurpose, Mapping[Locale, str]]

CURRENT = "2018-04b"
"""Kept with every consent that is given or refused now."""

_2018_04: ConsentTexts = {
    ConsentPurpose.DIRECTORY: {
        Locale.ITALIAN: (
            "Gli altri membri possono trovarmi nella rubrica: nome, organizzazione, ruolo, settori, che cosa "
            "offro e che cosa cerco. Mai telefono o e-mail."
        ),
        Locale.ENGLISH: (
            "Other members can find me in the directory: name, organisation, role, sectors, what I offer and "
            "what I seek. Never phone or e-mail."
        ),
    },
    ConsentPurpose.NEWS: {
        Locale.ITALIAN: (
            "Ricevo novità e inviti promozionali della comunità. I messaggi di servizio (ciò a cui mi sono "
            "iscritto) arrivano comunque."
        ),
        Locale.ENGLISH: (
            "I get the community's promotional news and invitations. Service messages (about what I signed up for) "
            "come in any case."
        ),
    },
    ConsentPurpose.SHARING: {
        Locale.ITALIAN: (
            "Fiere e ospiti delle missioni possono ricevere il mio profilo. Per ogni consegna mi viene chiesto di "
            "nuovo che cosa, a chi e fino a quando."
        ),
        Locale.ENGLISH: (
            "Fairs and mission hosts may receive my profile. For each disclosure I am asked again what, to whom "
            "and until when."
        ),
    },
}

VERSIONS: Mapping[str, ConsentTexts] = {
    "2018-04": _2018_04,
    # The bot also points out what profiles offer and seek to those whom it fits.
    "2018-04b": {
        **_2018_04,
        ConsentPurpose.DIRECTORY: {
            Locale.ITALIAN: (
                "Gli altri soci possono trovarmi nella rubrica: nome, organizzazione, ruolo, settori, che cosa "
                "offro e che cosa cerco. Mai telefono o e-mail. Se mostro che cosa offro e che cosa cerco, il bot "
                "può segnalarlo ai soci a cui può servire."
            ),
            Locale.ENGLISH: (
                "Other members can find me in the directory: name, organisation, role, sectors, what I offer and "
                "what I seek. Never phone or e-mail. If I show what I offer and seek, the bot may point it out to "
                "members whom it may help."
            ),
        },
    },
}
"""By version."""

DIGESTS: Mapping[str, str] = {
    "2018-04": "b2660ed8768d80bd6185a9b626893852cf84a7fd4890b812288a72d086702a55",
    "2018-04b": "902b5a495c907dec6dd49f84eec52d2160ea46c75d34c61f38b86362da036b77",
}
"""SHA-256 of all texts of a version, so that nobody changes by accident what somebody has agreed to."""


def text_of(version: str, purpose: ConsentPurpose, locale: Locale) -> str:
    """What that version said; empty for a version that is not known here."""
    return VERSIONS.get(version, {}).get(purpose, {}).get(locale, "")


def is_outdated(version: str, purpose: ConsentPurpose) -> bool:
    """Whether today's text says something else than that version did."""
    return any(text_of(version, purpose, one) != text_of(CURRENT, purpose, one) for one in Locale)


def digest_of(version: str) -> str:
    """The digest of a version's texts, in the order of purposes and languages."""
    texts = VERSIONS[version]
    written = "\n".join(texts[purpose][locale] for purpose in sorted(texts) for locale in sorted(texts[purpose]))
    return hashlib.sha256(written.encode()).hexdigest()


def short_digest(version: str, purpose: ConsentPurpose, locale: Locale) -> str:
    """The first twelve digits of one text's SHA-256, shown beside a proof."""
    return hashlib.sha256(text_of(version, purpose, locale).encode()).hexdigest()[:12]
