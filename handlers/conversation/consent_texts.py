"""What each consent says, word by word, in every version that anybody has ever agreed to.

A row of proof names the version; its text stands here for good. A change of meaning is a new version: add it, with its
digests, and make it current. A test fails when a text that stands here is changed.
"""

import hashlib
from collections.abc import Mapping

from storage.enums import ConsentPurpose, Locale

ConsentTexts = Mapping[ConsentPurpose, Mapping[Locale, str]]

CURRENT = "2018-04"
"""Kept with every consent that is given or refused now."""

VERSIONS: Mapping[str, ConsentTexts] = {
    "2018-04": {
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
    },
}
"""By version."""

DIGESTS: Mapping[str, str] = {"2018-04": "b2660ed8768d80bd6185a9b626893852cf84a7fd4890b812288a72d086702a55"}
"""SHA-256 of all texts of a version, so that nobody changes by accident what somebody has agreed to."""


def text_of(version: str, purpose: ConsentPurpose, locale: Locale) -> str:
    """What that version said; empty for a version that is not known here."""
    return VERSIONS.get(version, {}).get(purpose, {}).get(locale, "")


def digest_of(version: str) -> str:
    """The digest of a version's texts, in the order of purposes and languages."""
    texts = VERSIONS[version]
    written = "\n".join(texts[purpose][locale] for purpose in sorted(texts) for locale in sorted(texts[purpose]))
    return hashlib.sha256(written.encode()).hexdigest()


def short_digest(version: str, purpose: ConsentPurpose, locale: Locale) -> str:
    """The first twelve digits of one text's SHA-256, shown beside a proof."""
    return hashlib.sha256(text_of(version, purpose, locale).encode()).hexdigest()[:12]
