"""Every table and column is declared: what it says, what the export hands over, what erasure does with it."""

from sqlalchemy import LargeBinary, Text
from sqlalchemy.types import JSON, String

from storage.models import Base, Person
from storage.personal.inventory import INVENTORY
from storage.personal.terms import Chapter, Declared, Erase, Period, Says
from storage.queries.retention import RULES

DECLARED = {str(one.model.__tablename__): one for one in INVENTORY}
HANDLED_ELSEWHERE = {
    "posts": {"title", "body", "topics", "link", "attachment", "reason"},
    "post_answers": {"body"},
    "post_revisions": {"was"},
    "search_entries": {"title", "topics", "body"},
    "search_words": {"stem", "example"},
    "search_topics": {"folded", "name"},
    "events": {"title", "description", "place", "link", "cancel_reason"},
    "event_answers": set(),
    "inbox": {"payload", "person"},
    "outbox": {"data", "chat", "thread", "target", "message_id"},
}
"""What ``storage.queries.erasure`` does by rules of its own; the journeys look at the rows afterwards."""


def test_every_table_is_declared_once() -> None:
    assert len(DECLARED) == len(INVENTORY)
    assert set(DECLARED) == set(Base.metadata.tables), "declare it in a file of storage/personal"


def test_every_column_is_declared() -> None:
    for name, table in Base.metadata.tables.items():
        assert set(DECLARED[name].says) == set(table.columns.keys()), f"{name}: add its columns to the inventory"


def test_what_refers_to_a_person_says_so() -> None:
    people = Person.__table__
    for name, table in Base.metadata.tables.items():
        refers = {
            column.name for column in table.columns if any(key.column.table is people for key in column.foreign_keys)
        }
        said = {column for column, says in DECLARED[name].says.items() if says is Says.PERSON}
        assert said == refers | ({"id"} if table is people else set()), name


def test_long_texts_are_never_called_plain() -> None:
    """Whoever adds a text column has to think about who writes it."""
    harmless = {"announcements.audience", "announcements.shown", "disclosures.fields", "disclosures.optional",
                "disclosures.counts", "purge_runs.counts"}  # fmt: skip
    for name, table in Base.metadata.tables.items():
        for column in table.columns:
            long = isinstance(column.type, Text | JSON | LargeBinary) or (
                isinstance(column.type, String) and (column.type.length or 0) > 80
            )
            if long and f"{name}.{column.name}" not in harmless:
                assert DECLARED[name].says[column.name] is not Says.PLAIN, f"{name}.{column.name}"


def _reached(one: Declared) -> set[str]:
    """The columns that erasure deletes or blanks."""
    if any(link.erase is Erase.DELETE for link in one.links):
        return set(one.says)
    found = set(HANDLED_ELSEWHERE.get(str(one.model.__tablename__), set()))
    for link in one.links:
        found |= {column.key for column in link.blank}
    return found


def test_erasure_reaches_all_words_and_addresses() -> None:
    for one in INVENTORY:
        personal = {name for name, says in one.says.items() if says in {Says.WORDS, Says.ADDRESS}}
        if one.links:
            assert personal <= _reached(one), (
                f"{one.model.__tablename__}: {personal - _reached(one)} survive an erasure"
            )
        else:
            # A vocabulary that everybody's words went into has no person to link to; erasure counts them out of it.
            by_rules = HANDLED_ELSEWHERE.get(str(one.model.__tablename__), set())
            assert personal <= by_rules, f"{one.model.__tablename__} holds words of people and no link to them"


def test_what_is_kept_for_a_time_goes_by_a_rule() -> None:
    """By a rule of the setting that the declaration names, or with rows that do."""
    lengths = {one for one in Period if one not in {"person", "subject", "community", "moment", "until"}}
    for one in INVENTORY:
        if one.kept not in lengths:
            continue
        with_others = {key.column.table for key in one.model.__table__.foreign_keys if key.ondelete == "CASCADE"}
        ruled = {rule.model.__table__ for rule in RULES if one.kept.rsplit("_", 1)[0] == rule.name}
        assert one.model.__table__ in ruled or with_others & ruled, one.model.__tablename__


def test_every_person_in_a_row_is_linked() -> None:
    for one in INVENTORY:
        people = {name for name, says in one.says.items() if says is Says.PERSON}
        assert len(one.links) >= len(people), f"{one.model.__tablename__}: {people}"
        assert bool(one.links) is (one.chapter is not Chapter.NONE), one.model.__tablename__


def test_changes_say_what_they_write_and_the_rest_does_not() -> None:
    for one in INVENTORY:
        for link in one.links:
            assert bool(link.blank) is (link.erase is Erase.CHANGE), f"{one.model.__tablename__} {link.role}"
            if link.erase is Erase.ELSEWHERE:
                assert str(one.model.__tablename__) in HANDLED_ELSEWHERE


def test_the_export_hands_over_nobody_else_and_no_code() -> None:
    own = {
        "people.id", "people.work_address", "accounts.user", "accounts.chat", "channel_members.user", "mails.address",
        "address_codes.address", "directory_entries.contact", "introductions.asker_contact",
        "introductions.asked_contact", "member_records.external_id", "member_records.work_email",
        "blind_interests.contact",
    }  # fmt: skip
    for one in INVENTORY:
        for link in one.links:
            for column in link.export:
                name = f"{one.model.__tablename__}.{column.key}"
                if name not in own:
                    assert one.says[column.key] in {Says.PLAIN, Says.WORDS, Says.HOUSE}, name


def test_every_word_of_a_person_is_handed_over_or_there_is_a_reason() -> None:
    """What somebody wrote, they get; the rest repeats it, or is about others too."""
    not_handed = {
        "drafts.context", "drafts.fixing",  # which form about what, and which questions are left
        "search_entries.title", "search_entries.topics", "search_entries.body",  # stems of the posts
        "search_words.stem", "search_words.example", "search_topics.folded", "search_topics.name",  # of all posts
        "inbox.payload", "outbox.data", "second_pings.note", "second_pings.closing", "card_copies.note",
        "data_exports.content",  # an earlier copy
        "digest_items.data", "mails.data", "directory_words.word",  # what the profile and the messages say
        "imports.content",  # about others
        "member_records.name", "member_records.job_title",  # emptied when they join
    }  # fmt: skip
    for one in INVENTORY:
        given = {column.key for link in one.links for column in link.export}
        for name, says in one.says.items():
            if says is Says.WORDS and f"{one.model.__tablename__}.{name}" not in not_handed:
                assert name in given, f"{one.model.__tablename__}.{name}"


def test_every_period_that_is_a_setting_is_one() -> None:
    from handlers.conversation.context import Retention

    fixed = {Period.PERSON, Period.SUBJECT, Period.COMMUNITY, Period.MOMENT, Period.SLIPS}
    names = {one.rsplit("_", 1)[0] for one in Period if one not in fixed}
    assert names <= set(Retention.__dataclass_fields__), names - set(Retention.__dataclass_fields__)
