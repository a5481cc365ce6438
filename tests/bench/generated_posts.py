"""A hundred thousand posts that read, to a search, like a cluster's: Italian and English, with few words that are in
very many posts, many that are in few, and codes that are in one.

Sentences are put together from word lists and taken from the sample community; the seed makes every run the same.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bot.demo.community_files import rows
from storage.enums import Locale

ITALIAN_SHARE = 0.7
SENTENCES = (4, 8)
"""Fewest and most in a post."""
POOL = 12_000
"""Sentences of each language to choose from; what is unique in a post is added to them."""
SAMPLE_SHARE = 0.1
"""How many sentences are the sample community's own."""

# Nouns in the singular and plural, the commonest first: each is used about in proportion to 1 / its rank.
NOUNS = {
    Locale.ITALIAN: """
    paziente/pazienti dispositivo/dispositivi terapia/terapie studio/studi dato/dati progetto/progetti
    laboratorio/laboratori farmaco/farmaci processo/processi azienda/aziende ospedale/ospedali prova/prove
    bando/bandi campione/campioni cellula/cellule sensore/sensori convalida/convalide fornitore/fornitori
    diagnosi/diagnosi lotto/lotti protocollo/protocolli rischio/rischi software/software certificato/certificati
    reparto/reparti ricercatrice/ricercatrici brevetto/brevetti impianto/impianti reagente/reagenti consorzio/consorzi
    proteina/proteine vaccino/vaccini algoritmo/algoritmi immagine/immagini cateterismo/cateterismi protesi/protesi
    anticorpo/anticorpi biomarcatore/biomarcatori genoma/genomi bioreattore/bioreattori sterilizzazione/sterilizzazioni
    liofilizzatore/liofilizzatori delegazione/delegazioni partenariato/partenariati finanziamento/finanziamenti
    regolamento/regolamenti audit/audit etichetta/etichette siringa/siringhe pompa/pompe ventilatore/ventilatori
    tampone/tamponi enzima/enzimi plasmide/plasmidi vettore/vettori tessuto/tessuti membrana/membrane idrogel/idrogel
    nanoparticella/nanoparticelle impurezza/impurezze cromatografia/cromatografie spettrometro/spettrometri
    telemedicina/telemedicine cartella/cartelle interoperabilità/interoperabilità anonimizzazione/anonimizzazioni
    consenso/consensi comitato/comitati sperimentazione/sperimentazioni sottogruppo/sottogruppi recidiva/recidive
    metastasi/metastasi biopsia/biopsie istologia/istologie citometria/citometrie ecografia/ecografie
    risonanza/risonanze radiofarmaco/radiofarmaci stent/stent endoscopio/endoscopi bisturi/bisturi sutura/suture
    esoscheletro/esoscheletri riabilitazione/riabilitazioni logopedia/logopedie glicemia/glicemie insulina/insuline
    trombosi/trombosi aritmia/aritmie scompenso/scompensi sepsi/sepsi antibiotico/antibiotici fagoterapia/fagoterapie
    """,
    Locale.ENGLISH: """
    patient/patients device/devices therapy/therapies study/studies data/data project/projects trial/trials
    laboratory/laboratories drug/drugs process/processes company/companies hospital/hospitals assay/assays call/calls
    sample/samples cell/cells sensor/sensors validation/validations supplier/suppliers diagnosis/diagnoses batch/batches
    protocol/protocols risk/risks software/software certificate/certificates ward/wards researcher/researchers
    patent/patents implant/implants reagent/reagents consortium/consortia protein/proteins vaccine/vaccines
    algorithm/algorithms image/images catheter/catheters prosthesis/prostheses antibody/antibodies biomarker/biomarkers
    genome/genomes bioreactor/bioreactors sterilisation/sterilisations delegation/delegations partnership/partnerships
    regulation/regulations audit/audits label/labels syringe/syringes pump/pumps ventilator/ventilators swab/swabs
    enzyme/enzymes plasmid/plasmids vector/vectors tissue/tissues membrane/membranes hydrogel/hydrogels
    nanoparticle/nanoparticles impurity/impurities spectrometer/spectrometers record/records consent/consents
    committee/committees relapse/relapses biopsy/biopsies histology/histologies ultrasound/ultrasounds stent/stents
    endoscope/endoscopes suture/sutures exoskeleton/exoskeletons thrombosis/thromboses arrhythmia/arrhythmias
    antibiotic/antibiotics registry/registries dossier/dossiers customs/customs booth/booths
    """,
}
ADJECTIVES = {
    Locale.ITALIAN: "clinico/clinici digitale/digitali sterile/sterili pediatrico/pediatrici europeo/europei "
    "biologico/biologici continuo/continui portatile/portatili raro/rari oncologico/oncologici "
    "regionale/regionali affidabile/affidabili monouso/monouso impiantabile/impiantabili "
    "autologo/autologhi ricombinante/ricombinanti aperto/aperti ospedaliero/ospedalieri",
    Locale.ENGLISH: "clinical/clinical digital/digital sterile/sterile paediatric/paediatric European/European "
    "biological/biological continuous/continuous portable/portable rare/rare oncological/oncological "
    "regional/regional reliable/reliable implantable/implantable autologous/autologous "
    "recombinant/recombinant open/open",
}
VERBS = {
    Locale.ITALIAN: "abbiamo confrontato|abbiamo misurato|cerchiamo|condividiamo|stiamo convalidando|offriamo|"
    "abbiamo rivisto|presentiamo|vorremmo trasferire|abbiamo imparato a documentare|stiamo preparando|abbiamo perso",
    Locale.ENGLISH: "we compared|we measured|we are looking for|we share|we are validating|we offer|we reviewed|"
    "we are preparing|we would like to transfer|we learned how to document|we lost",
}
PLACE_NAMES = (
    "Milano Pavia Bergamo Brescia Lecco Como Varese Cremona Mantova Monza Lodi Sondrio Basilea Lione Monaco Barcellona "
    "Boston Haifa Losanna Gent Leida Vienna Torino Bologna"
)
PATTERNS = {
    Locale.ITALIAN: (
        "Nel reparto di {place} {verb} {n1} e {p2} {a1}.",
        "{Verb} {p1} {a2} per {n2}: bastano {number} {p3}.",
        "Chi ha già usato {n1} {a1} con {p2} {a2} ci scriva entro {number} giorni.",
        "Dopo {number} mesi di {n1}, {p2} e {p3} danno ancora risultati diversi.",
        "Con il gruppo di {place} {verb} {p1} per ridurre {n2} e {n3}.",
        "La differenza tra {n1} e {n2} si vede solo se {p3} sono {a2}.",
        "{Verb} un partner per {n1}, con {p2} {a2} e {number} {p3} pronti.",
    ),
    Locale.ENGLISH: (
        "At our site in {place} {verb} {n1} and {a1} {p2}.",
        "{Verb} {a2} {p1} for {n2}: {number} {p3} are enough.",
        "Whoever has used {a1} {n1} with {p2} should write to us within {number} days.",
        "After {number} months of {n1}, {p2} and {p3} still give different results.",
        "With the group in {place} {verb} {p1} to reduce {n2} and {n3}.",
        "The difference between {n1} and {n2} only shows when {p3} are {a2}.",
    ),
}
SYLLABLE_LIST = "al ba cor den el fi gen hy in ka lu mer no or pla qui ri sen tor um va wel xi yo zan"
PLACES, SYLLABLES = PLACE_NAMES.split(), SYLLABLE_LIST.split()

_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")


@dataclass(frozen=True, slots=True)
class Draft:
    """A post without an author."""

    title: str
    topics: list[str]
    body: str
    language: Locale


class _Words:
    """Words of one language, chosen as often as language does: the n-th most frequent 1/n times as often."""

    def __init__(self, language: Locale) -> None:
        self.nouns = [tuple(pair.split("/")) for pair in NOUNS[language].split()]
        self.adjectives = [tuple(pair.split("/")) for pair in ADJECTIVES[language].split()]
        self.verbs = VERBS[language].split("|")
        self.patterns = PATTERNS[language]
        self._weights = list(accumulate(1 / (rank + 2) for rank in range(len(self.nouns))))

    def noun(self, chance: random.Random) -> Sequence[str]:
        return chance.choices(self.nouns, cum_weights=self._weights)[0]

    def sentence(self, chance: random.Random) -> str:
        one, two, three = (self.noun(chance) for _ in range(3))
        good, better = chance.choice(self.adjectives), chance.choice(self.adjectives)
        verb = chance.choice(self.verbs)
        return chance.choice(self.patterns).format(
            place=chance.choice(PLACES),
            verb=verb,
            Verb=verb[0].upper() + verb[1:],
            n1=one[0],
            n2=two[0],
            n3=three[0],
            p1=one[1],
            p2=two[1],
            p3=three[1],
            a1=good[0],
            a2=better[1],
            number=chance.randint(2, 96),
        )


def brand(number: int) -> str:
    """The made-up product's name that one post alone has, such as ``Corfidenum``."""
    # The factor has no divisor in common with the number of names, so that they come mixed and none comes twice.
    left = number * 7_919 % len(SYLLABLES) ** 4
    parts = []
    for _ in range(4):
        left, at = divmod(left, len(SYLLABLES))
        parts.append(SYLLABLES[at])
    return "".join(parts).capitalize()


def code(number: int) -> str:
    """The reference that one post alone has, such as ``RIF000042``."""
    return f"RIF{number:06d}"


def generate(count: int, seed: int) -> Iterator[Draft]:
    """So many posts, the same for the same seed."""
    chance = random.Random(seed)
    words = {language: _Words(language) for language in Locale}
    pools = {language: [words[language].sentence(chance) for _ in range(POOL)] for language in Locale}
    samples: dict[Locale, list[str]] = {language: [] for language in Locale}
    for row in rows("posts", "post"):
        samples[Locale(row["language"])] += _SENTENCE_END.split(" ".join(row["body"].split()))
    for number in range(count):
        language = Locale.ITALIAN if chance.random() < ITALIAN_SHARE else Locale.ENGLISH
        own = words[language]
        sentences = [
            chance.choice(samples[language] if chance.random() < SAMPLE_SHARE else pools[language])
            for _ in range(chance.randint(*SENTENCES))
        ]
        sentences.append(f"{own.sentence(chance)} {brand(number)}, {code(number)}.")
        subject, other = own.noun(chance), own.noun(chance)
        adjective = chance.choice(own.adjectives)
        yield Draft(
            title=f"{subject[0].capitalize()} {adjective[0]}: {other[1]}, {chance.choice(PLACES)} {number % 97}",
            topics=[subject[0], other[0]],
            body=" ".join(sentences),
            language=language,
        )


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for; ``kind`` says what makes it easy or hard."""

    kind: str
    words: str


KINDS = ("one word", "two words", "beginning of a word", "rare word", "common word")


def queries(count: int, posts: int, seed: int) -> list[Query]:
    """Queries of all kinds in turn, the same for the same seed.

    Args:
        count: how many.
        posts: how many posts there are, each with its code.
        seed: any.
    """
    chance = random.Random(seed)
    words = {language: _Words(language) for language in Locale}
    made = []
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        own = words[Locale.ITALIAN if chance.random() < ITALIAN_SHARE else Locale.ENGLISH]
        some, other = chance.choice(own.nouns[8:]), chance.choice(own.nouns[8:])
        match kind:
            case "one word":
                asked = chance.choice(some)
            case "two words":
                asked = f"{chance.choice(some)} {chance.choice(other)}"
            case "beginning of a word":
                asked = some[0][: max(3, len(some[0]) * 2 // 3)]
            case "rare word":
                asked = (code if number % 2 else brand)(chance.randrange(posts))
            case _:
                asked = chance.choice(own.nouns[chance.randrange(8)])
        made.append(Query(kind, asked))
    return made
