"""Every table of the store, declared: the one place to extend when a table or a column is added.

A table takes one entry, in the file of its subject: what each column says, how its rows are about somebody, what the
export hands over, what erasure does, how long rows are kept. The tests fail for a table or column without its entry,
and for words about a person that no erasure reaches.
"""

from storage.personal.announcements import ANNOUNCEMENTS
from storage.personal.answering import ANSWERING
from storage.personal.blind import BLIND
from storage.personal.conversations import CONVERSATION
from storage.personal.digests import DIGESTS
from storage.personal.events import EVENTS
from storage.personal.experts import EXPERTS
from storage.personal.knowhow import KNOWHOW
from storage.personal.matching import MATCHING
from storage.personal.meeting_people import MEETING_PEOPLE
from storage.personal.meetings import MEETINGS
from storage.personal.membership import MEMBERSHIP
from storage.personal.missions import MISSIONS
from storage.personal.people import PEOPLE
from storage.personal.privacy import PRIVACY
from storage.personal.terms import Declared

INVENTORY: tuple[Declared, ...] = (
    *PEOPLE,
    *KNOWHOW,
    *EVENTS,
    *MISSIONS,
    *MEETINGS,
    *ANNOUNCEMENTS,
    *CONVERSATION,
    *PRIVACY,
    *MEETING_PEOPLE,
    *MEMBERSHIP,
    *ANSWERING,
    *EXPERTS,
    *BLIND,
    *MATCHING,
    *DIGESTS,
)
"""Every table, in the order of the export's chapters."""
