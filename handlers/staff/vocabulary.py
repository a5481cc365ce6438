"""The lists that a new community begins with: sectors, kinds of post, topics. Data: whoever runs it changes them."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import PartneringProfile
from storage.models import PostKind, Sector, Topic

SECTORS = (
    ("pharma", "Farmaceutica e terapie avanzate", "Pharma & advanced therapies"),
    ("devices", "Dispositivi medici e diagnostica in vitro", "Medical devices & in-vitro diagnostics"),
    ("ict", "ICT per la salute", "ICT for health"),
)
"""Key, Italian, English: the cluster's own three."""
KINDS = (
    ("practice", "Buona pratica", "Best practice", False, 0),
    ("offer", "Offerta di tecnologia", "Technology offer", False, 12),
    ("request", "Richiesta di tecnologia", "Technology request", False, 12),
    ("question", "Domanda", "Question", False, 0),
    ("result", "Risultato", "Result", False, 0),
    ("call", "Bando", "Funding call", True, 0),
)
"""Key, Italian, English, whether it needs a deadline, after how many months its author is asked whether it holds."""
PROFILES = {"offer": PartneringProfile.TECHNOLOGY_OFFER, "request": PartneringProfile.TECHNOLOGY_REQUEST}
"""As what posts of these kinds go to the Enterprise Europe Network."""
TOPICS = (
    ("funding", "Bandi e finanziamenti", "Funding and calls"),
    ("training", "Corsi e formazione", "Courses and training"),
    ("partners", "Iniziative dei partner", "Partners' initiatives"),
    ("offers", "Offerte per i soci", "Offers for members"),
)
"""Key, Italian, English: what promotional announcements are about."""


async def ensure_vocabulary(session: AsyncSession) -> None:
    """Fill a list that is empty; one that somebody has written stays as it is."""
    if (await session.execute(select(Sector.id).limit(1))).first() is None:
        for position, (key, italian, english) in enumerate(SECTORS):
            session.add(Sector(key=key, name_it=italian, name_en=english, position=position))
    if (await session.execute(select(PostKind.id).limit(1))).first() is None:
        for position, (key, italian, english, deadline, months) in enumerate(KINDS):
            kind = PostKind(key=key, name_it=italian, name_en=english, has_deadline=deadline, valid_months=months)
            kind.position, kind.profile = position, PROFILES.get(key)
            session.add(kind)
    if (await session.execute(select(Topic.id).limit(1))).first() is None:
        for position, (key, italian, english) in enumerate(TOPICS):
            session.add(Topic(key=key, name_it=italian, name_en=english, position=position, active=True))
