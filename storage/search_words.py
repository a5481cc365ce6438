"""Words as the full-text search sees them: without case and accents, and their stems in Italian and English.

A leaf: it knows no database. The same folding is applied to what is stored and to what is asked, so that "perche" finds
"perché" on both databases without an extension of PostgreSQL.
"""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

from storage.enums import Locale

WORD_LENGTH = 40
"""Characters of a word that count. Longer runs of letters are sequences and codes; PostgreSQL refuses 2,047 bytes."""
MOST_TERMS = 12
"""Words of a query that count: all must be in a post, so further ones only hide it."""
PREFIX_FROM = 3
"""Characters from which the last word of a query also finds what begins with it."""

_WORD = re.compile(r"[^\W_]+")
_ALGORITHMS = {Locale.ITALIAN: "italian", Locale.ENGLISH: "english"}
_STEMMERS = {locale: snowballstemmer.stemmer(name) for locale, name in _ALGORITHMS.items()}

_ITALIAN_STOP_WORDS = """
    il lo la i gli le un uno una l d un all dall dell nell sull c s n m t v quest quell
    di a da in con su per tra fra del dello della dei degli delle al allo alla ai agli alle dal dallo dalla dai
    dagli dalle nel nello nella nei negli nelle sul sullo sulla sui sugli sulle col coi
    e ed o od ma se che chi cui come dove quando quale quali non ne ci si mi ti vi
    io tu lui lei noi voi loro mio mia tuo tua suo sua nostro nostra
    questo questa questi queste quello quella sono sei siamo siete era essere ho hai ha abbiamo avete hanno
    piu anche qualcuno qualche cerco vorrei
"""
"""Articles, prepositions, pronouns, auxiliaries, and the halves that an apostrophe leaves."""
_ENGLISH_STOP_WORDS = """
    the an of to for on at by with from into about and or but not if as than then
    is are was were be been am do does did has have had can could would should will
    i you he she it we they me us them my your his her its our their this that these those
    what which who whom how when where why there some any someone anyone looking
"""
"""The same, with what polite questions begin with."""
STOP_WORDS = frozenset(f"{_ITALIAN_STOP_WORDS} {_ENGLISH_STOP_WORDS}".split())
"""Words that say nothing of what is looked for, folded."""


def fold(text: str) -> str:
    """Lower case without accents; compatibility forms become plain letters (``ﬁ`` → ``fi``, ``²`` → ``2``)."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words(text: str) -> list[str]:
    """The words of a text in order, folded: runs of letters and digits of any script, cut to ``WORD_LENGTH``."""
    return [found[:WORD_LENGTH] for found in _WORD.findall(fold(text))]


@lru_cache(maxsize=100_000)
def stem(word: str, language: Locale) -> str:
    """The stem of a folded word."""
    return str(_STEMMERS[language].stemWord(word))


def stems(word: str) -> tuple[str, ...]:
    """The stems of a folded word in all languages, each once."""
    return tuple(dict.fromkeys(stem(word, language) for language in Locale))


def stemmed(text: str, language: Locale) -> str:
    """The stems of a text's words, joined by spaces."""
    return " ".join(stem(word, language) for word in words(text))


def terms(query: str) -> list[str]:
    """What a query looks for: its words once each, without those that say nothing unless there are no others."""
    every = list(dict.fromkeys(words(query[:4000])))
    return ([word for word in every if word not in STOP_WORDS] or every)[:MOST_TERMS]


class Looked:
    """The terms of a query, to recognise the words of a text that they find."""

    def __init__(self, looked_for: list[str]) -> None:
        self._stems = frozenset(one for term in looked_for for one in stems(term))
        last = looked_for[-1] if looked_for else ""
        self._beginnings = stems(last) if len(last) >= PREFIX_FROM else ()

    def finds(self, word: str) -> bool:
        """Whether a word as it is written in a text is one of those looked for."""
        return any(
            one in self._stems or one.startswith(self._beginnings) for part in words(word) for one in stems(part)
        )
