"""What the field calls by several names, in Italian and English: data, to be added to.

Each line is one thing. A query that holds one of its names also finds the others, at a discount. A name after ``<`` is
only recognised in queries and looked for in no text, since its letters mean too many other things there.
"""

from functools import cache

from storage.search_words import STOP_WORDS, pieces, stems

NAMES = """
dispositivo medico | medical device | dispositivi medicali | < md
diagnostica in vitro | in vitro diagnostics | IVD | test diagnostico | diagnostic test
terapia genica | gene therapy
terapia cellulare | cell therapy
terapie avanzate | advanced therapies | ATMP | advanced therapy medicinal products
intelligenza artificiale | artificial intelligence | machine learning | deep learning | < ai | < ia
cybersecurity | sicurezza informatica | cyber security | information security
telemonitoraggio | monitoraggio remoto | remote monitoring | telemonitoring | home monitoring
telemedicina | telemedicine | telehealth | teleconsulto
sanità digitale | digital health | e-health | salute digitale
scompenso cardiaco | heart failure | scompenso
sperimentazione clinica | clinical trial | studio clinico | clinical study | trial clinico
consenso informato | informed consent | consenso elettronico | electronic consent | e-consent | eConsent
comitato etico | ethics committee | IRB
valutazione d'impatto | DPIA | impact assessment
protezione dei dati | data protection | GDPR | privacy
anonimizzazione | anonymisation | anonymization | pseudonimizzazione | de-identification
interoperabilità | interoperability
cartella clinica | medical record | health record | EHR | fascicolo sanitario
dati sintetici | synthetic data
convalida | validation | validazione
convalida di processo | process validation
sterilizzazione | sterilisation | sterilization
ossido di etilene | ethylene oxide | EtO | EO
fascio di elettroni | electron beam | e-beam
raggi gamma | gamma radiation | gamma irradiation
camera bianca | clean room | cleanroom | camera sterile
riempimento asettico | aseptic filling | fill and finish | aseptic processing
simulazione asettica | media fill | aseptic process simulation
trasferimento tecnologico | technology transfer | tech transfer
accordo di trasferimento di materiali | material transfer agreement | MTA | accordi sui materiali
proprietà intellettuale | intellectual property | < ip
brevetto | patent
libertà di attuazione | freedom to operate | FTO
buone pratiche di fabbricazione | good manufacturing practice | GMP
sistema qualità | quality management system | QMS | sistema di gestione della qualità
norma | standard
analisi dei rischi | risk analysis | risk assessment | gestione del rischio | risk management
ingegneria dell'usabilità | usability engineering | usabilità | usability | fattori umani | human factors
infermiere | nurse
medico | physician | doctor
paziente | patient
ospedale | hospital | policlinico
reparto | ward
terapia intensiva | intensive care | ICU | rianimazione
pronto soccorso | emergency room | emergency department
allarme | alarm | alert
pompa per infusione | infusion pump | pompa infusionale
bando | funding call | call for proposals | funding opportunity
finanziamento | funding | contributo | grant
dottorato | PhD | doctorate
piccole e medie imprese | SME | PMI | small and medium enterprises
partenariato | partnership | collaborazione | collaboration
fornitore | supplier | vendor
seconda fonte | second source
stampa 3D | 3D printing | additive manufacturing | manifattura additiva
su misura | custom made | patient specific
impianto pilota | pilot plant
liofilizzazione | freeze drying | lyophilisation | lyophilization | liofilizzatore | freeze dryer | lyophilizer
catena del freddo | cold chain
registratore di temperatura | temperature logger | data logger
congelamento | freezing | crioconservazione | cryopreservation
biobanca | biobank
campione | sample | specimen
siero | serum
sepsi | sepsis
biopsia liquida | liquid biopsy | DNA circolante | circulating DNA | ctDNA | cell-free DNA
tumore | cancer | tumour | tumor | oncologia | oncology
epilessia | epilepsy
elettroencefalogramma | EEG | electroencephalogram
radiografia | X-ray | radiograph | radiologia | radiology
ecografia | ultrasound | ultrasuoni
identificazione unica dei dispositivi | unique device identification | UDI
regolamento dispositivi medici | medical device regulation | MDR
marcatura CE | CE marking | CE mark
sorveglianza post-vendita | post-market surveillance | post-market
aggiornamento software | software update | patch | patching
impurezze elementari | elemental impurities
saggio di potenza | potency assay
variabilità | variability | variance
titanio | titanium
fatica | fatigue
dogana | customs
carnet ATA | ATA carnet
stabilità | stability
trasporto | transport | shipping | spedizione
reagente | reagent
gara d'appalto | tender | public procurement | acquisti pubblici | gara pubblica
cellula staminale | stem cell
anticorpo | antibody
vaccino | vaccine
proteina | protein
farmacovigilanza | pharmacovigilance
malattie rare | rare diseases | orphan diseases
idrogel | hydrogel
audit | ispezione | inspection
missione | mission | delegazione | delegation
Israele | Israel
fiera | trade fair | exhibition
incontri B2B | B2B meetings | matchmaking
"""
"""One thing a line, its names between bars."""

Name = tuple[str, ...]


def _name(written: str) -> Name:
    every = [piece.word for piece in pieces(written)]
    return tuple(word for word in every if word not in STOP_WORDS) or tuple(every)


@cache
def names_by_first_stem() -> dict[str, list[tuple[Name, tuple[Name, ...]]]]:
    """By a stem of its first word: each name without the words that say nothing, and all names that it stands for.

    The longest names come first.
    """
    table: dict[str, list[tuple[Name, tuple[Name, ...]]]] = {}
    for line in NAMES.strip().splitlines():
        written = [one.strip() for one in line.split("|")]
        names = [_name(one.removeprefix("<")) for one in written]
        looked_for = tuple(name for one, name in zip(written, names, strict=True) if not one.startswith("<"))
        for name in names:
            for one in stems(name[0]):
                table.setdefault(one, []).append((name, looked_for))
    for entries in table.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return table


def same_word(one: str, other: str) -> bool:
    """Whether two folded words are forms of one."""
    return not set(stems(one)).isdisjoint(stems(other))
