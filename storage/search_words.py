"""Words as the full-text search sees them: without case and accents, and their stems in Italian and English.

A leaf: it knows no database. The same folding is applied to what is stored and to what is asked, so that "perche" finds
"perché" on both databases without an extension of PostgreSQL.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

from storage.enums import Locale

VERSION = 1
"""Of the analysis below. Raise it when other stems come out: entries made by an older one are made anew."""
WORD_LENGTH = 40
"""Characters of a word that count. Longer runs of letters are sequences and codes; PostgreSQL refuses 2,047 bytes."""
QUERY_LENGTH = 4000
"""Characters of a query that are looked at."""
MOST_TERMS = 12
"""Words of a query that count."""
PREFIX_FROM = 3
"""Characters from which the last word of a query also finds what begins with it."""
HYPHENS = "-\u2010\u2011\u2012\u2013"
"""What joins the parts of a compound: hyphen-minus, hyphen, non-breaking hyphen, figure dash, en dash."""
ACRONYM = range(2, 6)
"""Letters of an acronym: written in capitals it counts, even where the same letters say nothing (``AI``, ``IT``)."""

_WORD = re.compile(r"[^\W_]+")
_COMPOUND = re.compile(rf"[^\W_]+(?:[{HYPHENS}][^\W_]+)*")
_LETTERS_AND_DIGITS = re.compile(r"([^\W\d_]{2,})(\d{2,})")
_ALGORITHMS = {Locale.ITALIAN: "italian", Locale.ENGLISH: "english"}
_STEMMERS = {locale: snowballstemmer.stemmer(name) for locale, name in _ALGORITHMS.items()}

_ITALIAN_STOP_WORDS = """
    il lo la i gli le un uno una l d un all dall dell nell sull c s n m t v quest quell
    di a da in con su per tra fra del dello della dei degli delle al allo alla ai agli alle dal dallo dalla dai
    dagli dalle nel nello nella nei negli nelle sul sullo sulla sui sugli sulle col coi
    e ed o od ma se che chi cui come dove quando quale quali non ne ci si mi ti vi
    io tu lui lei noi voi loro mio mia tuo tua suo sua nostro nostra
    questo questa questi queste quello quella sono sei siamo siete era essere ho hai ha abbiamo avete hanno
    piu anche qualcuno qualcosa qualche cerco cerca cerchiamo cercando vorrei vorremmo sa sai sapete conosce conoscete
    trovare trovo trova fare fa fate faccio fatto serve servono bisogno posso puo potete possiamo devo dobbiamo deve
    quanto quanta quanti quante
    aiuta aiuto aiutare consiglia consigliate qualcun chiunque esiste esistono dato visto gia ancora tutti tutto
    ciao grazie salve buongiorno prego ce v si no
"""
"""Articles, prepositions, pronouns, auxiliaries, and the halves that an apostrophe leaves."""
_ENGLISH_STOP_WORDS = """
    the an of to for on at by with from into about and or but not if as than then
    is are was were be been am do does did has have had can could would should will
    i you he she it we they me us them my your his her its our their this that these those
    what which who whom how when where why there some any someone anyone somebody anybody looking look find searching
    need needs want know knows please help hello hi thanks get using used use tell many much already ever best way
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


@lru_cache(maxsize=100_000)
def stems(word: str) -> tuple[str, ...]:
    """The stems of a folded word in all languages, each once."""
    return tuple(dict.fromkeys(stem(word, language) for language in Locale))


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of a text, or a compound that counts as one.

    Attributes:
        word: folded; of a compound its parts joined (``sarscov2``).
        parts: of a compound, folded (``sars``, ``cov``, ``2``); of a word nothing.
        acronym: it was written in capitals, as acronyms are.
    """

    word: str
    parts: tuple[str, ...] = ()
    acronym: bool = False


def pieces(text: str) -> list[Piece]:
    """The words of a text in order, with compounds recognised: ``e-health``, ``SARS-CoV-2``, ``ISO13485``."""
    bare = text
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    every = (_piece(written) for written in _COMPOUND.findall(bare))
    return [piece for piece in every if piece is not None]


@lru_cache(maxsize=100_000)
def _piece(written: str) -> Piece | None:
    parts = tuple(words(written))
    if not parts:
        return None
    if len(parts) > 1:
        return Piece("".join(parts)[:WORD_LENGTH], parts)
    split = _LETTERS_AND_DIGITS.fullmatch(parts[0])
    if split:
        return Piece(parts[0], split.groups())
    return Piece(parts[0], (), len(written) in ACRONYM and written.isupper() and written.isalpha())


def stems_of_text(text: str) -> tuple[list[str], dict[str, str]]:
    """What is kept of a text: the stems of its words and compounds in order, and for each stem a word that has it."""
    kept: list[str] = []
    examples: dict[str, str] = {}
    for piece in pieces(text):
        for word in (*piece.parts, piece.word):
            for one in stems(word):
                kept.append(one)
                examples.setdefault(one, word)
    return kept, examples


def terms(query: str) -> list[str]:
    """What a query looks for: its words once each, without those that say nothing unless there are no others."""
    return list(dict.fromkeys(piece.word for piece in telling_pieces(query)))[:MOST_TERMS]


def telling_pieces(query: str) -> list[Piece]:
    """The words and compounds of a query in order, without those that say nothing unless there are no others."""
    every = pieces(query[:QUERY_LENGTH])
    shouting = sum(piece.acronym for piece in every) > len(every) / 2
    telling = [
        piece for piece in every if piece.word not in STOP_WORDS or (piece.acronym and not shouting) or piece.parts
    ]
    return telling or every
