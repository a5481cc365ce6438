"""Drafts: the text, whom it is for, what goes with it, and how it is sent."""

from collections.abc import Sequence
from datetime import datetime

from handlers.announcements import rules
from handlers.announcements.audience_screens import Aim, Choice, Chosen
from handlers.announcements.extras import MOST_LINKS, Extras, LinkButton, Part
from handlers.announcements.names import (
    category_name,
    group_name,
    language_name,
    part_name,
    platform_name,
)
from handlers.announcements.service import draft
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.screen import File
from storage.audience import (
    PARTS,
    WORDS,
    Facet,
    Group,
    Mark,
    Match,
    Segment,
    SegmentError,
    part_of,
    subject_of,
)
from storage.engine import lock
from storage.enums import AnnouncementStatus, ChannelPost, Locale, OrganisationCategory, Platform
from storage.models import Announcement, CommunityEvent, Mission, Sector
from storage.queries import announcements as stored
from storage.queries import audience
from storage.queries.audience import Target


async def write(
    ctx: Context,
    announcement_id: int,
    both: rules.Wordings,
    *,
    fallback: Locale,
    promotional: bool,
    topic: str = "",
) -> Announcement:
    """Keep what was written, as a new draft (``announcement_id`` 0) or in place of the old text."""
    italian, english = both[Locale.ITALIAN], both[Locale.ENGLISH]
    if announcement_id:
        row = await draft(ctx, announcement_id)
    else:
        row = Announcement(
            author_id=ctx.me.id, status=AnnouncementStatus.DRAFT, audience={}, extras={}, shown={}, created_at=ctx.now
        )
        ctx.session.add(row)
    row.title_it, row.text_it = italian.title, italian.text
    row.title_en, row.text_en = english.title, english.text
    row.fallback, row.promotional, row.topic = fallback, promotional, topic
    await ctx.session.flush()
    return row


async def discard(ctx: Context, announcement_id: int) -> None:
    """Throw a draft away; one that is gone already is fine.

    Raises:
        Refusal: it was sent.
    """
    row = await lock(ctx.session, Announcement, Announcement.id, announcement_id)
    if row is not None:
        await ctx.session.delete(await draft(ctx, announcement_id))


# Whom it is for


async def mark(ctx: Context, announcement_id: int, facet: Facet, value: str, made: Mark) -> Announcement:
    """Change one mark of a draft's audience.

    Raises:
        Refusal: no such value, or too many marks.
    """
    row = await draft(ctx, announcement_id)
    try:
        row.audience = Segment.from_json(row.audience).marked(facet, value, made).to_json()
    except SegmentError as error:
        raise Refusal(ctx.t("This can't be part of an audience. Please choose from the list.")) from error
    return row


async def match_by(ctx: Context, announcement_id: int, match: Match) -> Announcement:
    """Ask for all that was chosen, or for any of it."""
    row = await draft(ctx, announcement_id)
    row.audience = Segment.from_json(row.audience).matching(match).to_json()
    return row


async def target_of(ctx: ReadContext, row: Announcement) -> Target:
    """Whom a draft would go to now: the staff alone while the installation is being tried out."""
    return Target.of(row, trial=await stored.in_trial(ctx.session))


async def aim(ctx: ReadContext, row: Announcement) -> Aim:
    """Whom it would reach now, counted, with names for what was chosen."""
    target = await target_of(ctx, row)
    reach = await audience.reach(ctx.session, target)
    later = await audience.reach(ctx.session, target.for_everybody()) if target.trial else None
    return Aim(row, await chosen(ctx, row), reach, target.segment.match, target.segment.wanted_facets, later)


async def chosen(ctx: ReadContext, row: Announcement) -> list[Chosen]:
    """What was chosen of each facet, by name."""
    segment = Segment.from_json(row.audience)
    found = []
    for facet in Facet:
        wanted, unwanted = segment.values(facet, Mark.IN), segment.values(facet, Mark.OUT)
        if wanted or unwanted:
            names = await _names(ctx, facet, [*wanted, *unwanted])
            found.append(Chosen(facet, [names[one] for one in wanted], [names[one] for one in unwanted]))
    return found


async def _names(ctx: ReadContext, facet: Facet, values: Sequence[str]) -> dict[str, str]:
    gone = ctx.t("no longer there")
    if facet in WORDS:
        return {value: _word(ctx, facet, value) for value in values}
    if facet is Facet.TOPIC:
        topics = await stored.topic_names(ctx.session, values)
        return {value: ctx.t.of(topics[value], "name") if value in topics else gone for value in values}
    ids = [subject_of(value) for value in values]
    match facet:
        case Facet.SECTOR:
            rows = await audience.titles(ctx.session, Sector, ids)
            labels = {key: ctx.t.of(row, "name") for key, row in rows.items()}
        case Facet.EVENT:
            rows = await audience.titles(ctx.session, CommunityEvent, ids)
            labels = {key: row.title for key, row in rows.items()}
        case _:
            rows = await audience.titles(ctx.session, Mission, ids)
            labels = {key: row.title for key, row in rows.items()}
    return {value: _with_part(ctx, facet, labels.get(subject_of(value), gone), part_of(value)) for value in values}


def _with_part(ctx: ReadContext, facet: Facet, label: str, part: str) -> str:
    if not part:
        return label
    return ctx.t("{subject} ({part})", subject=label, part=part_name(part, facet, ctx.t))


def _word(ctx: ReadContext, facet: Facet, value: str) -> str:
    match facet:
        case Facet.GROUP:
            return group_name(Group(value), ctx.t)
        case Facet.CATEGORY:
            return category_name(OrganisationCategory(value), ctx.t)
        case Facet.LANGUAGE:
            return language_name(Locale(value), ctx.t)
        case _:
            return platform_name(Platform(value), ctx.t)


async def choices(ctx: ReadContext, row: Announcement, facet: Facet) -> list[Choice]:
    """The values of a facet, each with its mark; of events and missions, each with how many of its parts are marked."""
    segment = Segment.from_json(row.audience)
    if facet in PARTS:
        rows = await (audience.events if facet is Facet.EVENT else audience.missions)(ctx.session, ctx.now)
        marked = [subject_of(value) for one, value, _ in segment.marks if one is facet]
        return [Choice(str(one.id), one.title, parts_marked=marked.count(one.id), has_parts=True) for one in rows]
    if facet in WORDS:
        labels = [(value.value, _word(ctx, facet, value.value)) for value in WORDS[facet]]
    elif facet is Facet.TOPIC:
        labels = [(one.key, ctx.t.of(one, "name")) for one in await audience.topics(ctx.session)]
    else:
        labels = [(str(one.id), ctx.t.of(one, "name")) for one in await audience.sectors(ctx.session)]
    return [Choice(value, label, segment.mark(facet, value)) for value, label in labels]


async def parts(ctx: ReadContext, row: Announcement, facet: Facet, subject: int) -> tuple[str, list[Choice]]:
    """What an event or a mission is called, and its parts, each with its mark.

    Raises:
        Refusal: it is gone, or the facet has no parts.
    """
    model = {Facet.EVENT: CommunityEvent, Facet.MISSION: Mission}.get(facet)
    found = (await audience.titles(ctx.session, model, [subject])).get(subject) if model else None
    if found is None:
        raise Refusal(ctx.t("This can't be part of an audience. Please choose from the list."))
    segment = Segment.from_json(row.audience)
    values = [str(subject), *(f"{subject}.{part}" for part in PARTS[facet])]
    return found.title, [
        Choice(value, part_name(part_of(value), facet, ctx.t), segment.mark(facet, value)) for value in values
    ]


# What goes with it


async def attach(ctx: Context, announcement_id: int, part: Part, file: File | None) -> Announcement:
    """Put a picture or a file with it, or take it away."""
    row = await draft(ctx, announcement_id)
    row.extras = Extras.from_json(row.extras).with_file(part, file).to_json()
    return row


async def add_link(ctx: Context, announcement_id: int, link: LinkButton) -> Announcement:
    """Add a link button.

    Raises:
        Refusal: there are enough.
    """
    row = await draft(ctx, announcement_id)
    extras = Extras.from_json(row.extras)
    if len(extras.links) >= MOST_LINKS:
        raise Refusal(ctx.t("There are three link buttons already. Remove one first."))
    row.extras = extras.with_link(link).to_json()
    return row


async def remove_link(ctx: Context, announcement_id: int, position: int) -> Announcement:
    """Take a link button away; one that is gone already is fine."""
    row = await draft(ctx, announcement_id)
    row.extras = Extras.from_json(row.extras).without_link(position).to_json()
    return row


# How it is sent


async def set_channel(ctx: Context, announcement_id: int, channel: ChannelPost) -> Announcement:
    """Whether it goes to the channels too.

    Raises:
        Refusal: there is no channel.
    """
    row = await draft(ctx, announcement_id)
    if channel is not ChannelPost.NONE and not ctx.community.channels:
        raise Refusal(ctx.t("No channel is set up on any platform."))
    row.channel = channel
    return row


async def set_acknowledgement(ctx: Context, announcement_id: int, hours: int) -> Announcement:
    """Ask its readers to confirm (-1: don't), and remind them after so many hours (0: don't).

    Raises:
        Refusal: not one of the choices.
    """
    row = await draft(ctx, announcement_id)
    if hours != -1 and hours not in rules.CHASE_CHOICES:
        raise Refusal(ctx.t("Please choose from the list."))
    row.asks_ack, row.chase_hours = hours >= 0, max(hours, 0)
    return row


async def set_joins_until(ctx: Context, announcement_id: int, until: datetime | None) -> Announcement:
    """Until when those who join get it as well."""
    row = await draft(ctx, announcement_id)
    row.joins_until = until
    return row
