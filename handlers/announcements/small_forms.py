"""The smaller forms of announcements: a correction, what goes with a text, when it is sent, and for whom it is seen."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from handlers.announcements import approval_screens, correcting, drafting, option_screens, sending, sending_screens
from handlers.announcements import watching as watch
from handlers.announcements.calendar import instant_of
from handlers.announcements.extras import (
    LABEL_LENGTH,
    LARGEST,
    LONGEST_URL,
    PICTURE_TYPES,
    LinkButton,
    Part,
    file_of,
    is_web_address,
)
from handlers.announcements.outlook import outlook
from handlers.announcements.outlook_screens import outlook as outlook_screen
from handlers.announcements.progress_screens import progress_card
from handlers.announcements.rules import EVENT_OFFSETS, flaws
from handlers.announcements.service import card_of, draft, review_card_of
from handlers.announcements.showing import as_person, confirm_screen, options_screen
from handlers.announcements.writing_form import sentence, text_fields, wordings_in
from handlers.conversation.actions import form
from handlers.conversation.context import Context
from handlers.conversation.event import Errors, Replies, Show, Toast
from handlers.conversation.form import Field, FieldKind, Form, Option, Values
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import Texts
from storage.models import Announcement, CommunityEvent
from storage.queries import audience

NAMES_SHOWN = 8
MOST_EVENTS = 40
REASON_LENGTH = 500
TITLE_SHOWN = 50


def _number(form: Form) -> int:
    return int(form.context.get("announcement", "0"))


# A correction


def correction_form(row: Announcement | None, *, t: Texts) -> Form:
    """The text as it was sent, to be put right."""
    return Form(
        name="announce.correct",
        title=t("Correct an announcement"),
        intro=t("I put the new text in the place of the old one wherever it was sent. Nobody gets a second message."),
        fields=text_fields(row, t),
        submit=t("Correct it everywhere"),
    )


async def _correct(ctx: Context, form: Form, values: Values) -> Replies:
    row = await correcting.correctable(ctx, _number(form))
    both = wordings_in(values)
    wrong = flaws(both, row.fallback)
    if wrong:
        # The language for the others is not asked here.
        named = {("title_" + row.fallback if name == "fallback" else name): flaw for name, flaw in wrong.items()}
        return Errors({name: sentence(flaw, row.fallback, ctx.t) for name, flaw in named.items()})
    row = await correcting.correct(ctx, row.id, both)
    return Show(progress_card(await watch.shown(ctx, row), t=ctx.t), card_of(row.id))


@form("announce.correct", Permission.STAFF, submit=_correct)
async def correct(ctx: Context, announcement: str = "0") -> Form:
    """Another text in the place of the one that was sent."""
    return correction_form(await ctx.session.get(Announcement, int(announcement)), t=ctx.t)


# What goes with it


def file_form(part: Part, *, t: Texts) -> Form:
    """A picture or a file."""
    picture = part is Part.PICTURE
    return Form(
        name="announce.file",
        title=t("Add a picture") if picture else t("Add a file"),
        fields=(
            Field(
                "file",
                option_screens.part_name(part, t),
                FieldKind.FILE,
                hint=t("JPEG, PNG or WebP, up to 10 MB.") if picture else t("Up to 10 MB."),
            ),
        ),
        submit=t("Add"),
    )


async def _attach(ctx: Context, form: Form, values: Values) -> Replies:
    part = Part(form.context["part"])
    value = values["file"]
    if not isinstance(value, dict):
        return Errors({"file": ctx.t("Please send the file itself, or skip this step.")})
    file = file_of(value)
    if part is Part.PICTURE and file.mime not in PICTURE_TYPES:
        return Errors({"file": ctx.t("This is no picture that every platform shows. JPEG, PNG and WebP are.")})
    if int(value.get("size") or 0) > LARGEST:
        return Errors({"file": ctx.t("It is larger than 10 MB.")})
    row = await drafting.attach(ctx, _number(form), part, file)
    return Show(option_screens.extras(row, t=ctx.t))


@form("announce.file", Permission.STAFF, submit=_attach)
async def attach(ctx: Context, announcement: str = "0", part: str = Part.PICTURE) -> Form:
    """A picture or a file to go with a draft."""
    del announcement
    return file_form(Part(part), t=ctx.t)


def link_form(*, t: Texts) -> Form:
    """A link button."""
    return Form(
        name="announce.link",
        title=t("Add a link button"),
        fields=(
            Field("url", t("Web address"), max_length=LONGEST_URL, hint=t("It begins with https://")),
            Field("label_it", t("What it says in Italian"), required=False, max_length=LABEL_LENGTH),
            Field("label_en", t("What it says in English"), required=False, max_length=LABEL_LENGTH),
        ),
        submit=t("Add"),
    )


async def _link(ctx: Context, form: Form, values: Values) -> Replies:
    url = str(values["url"])
    link = LinkButton(url, str(values.get("label_it") or ""), str(values.get("label_en") or ""))
    if not is_web_address(url):
        return Errors({"url": ctx.t("This is no web address. It begins with https:// and has no blanks.")})
    if not (link.label_it or link.label_en):
        return Errors({"label_it": ctx.t("Please say in at least one language what the button says.")})
    row = await drafting.add_link(ctx, _number(form), link)
    return Show(option_screens.extras(row, t=ctx.t))


@form("announce.link", Permission.STAFF, submit=_link)
async def link(ctx: Context, announcement: str = "0") -> Form:
    """A link button to go with a draft."""
    del announcement
    return link_form(t=ctx.t)


def late_form(zone: ZoneInfo, *, t: Texts) -> Form:
    """Until when those who join get it."""
    return Form(
        name="announce.late",
        title=t("Also for those who join later"),
        intro=t("Until that day, whoever joins and belongs to the audience gets it too."),
        fields=(Field("until", t("Until"), FieldKind.WHEN, zone=zone.key, date_only=True),),
        submit=t("Save"),
    )


async def _late(ctx: Context, form: Form, values: Values) -> Replies:
    day = str(values["until"]).partition("T")[0]
    until = instant_of(f"{day}T23:59", ctx.community.zone.key)
    row = await drafting.set_joins_until(ctx, _number(form), until)
    return Show(options_screen(ctx, row))


@form("announce.late", Permission.STAFF, submit=_late)
async def late(ctx: Context, announcement: str = "0") -> Form:
    """Until when those who join get a draft once it was sent."""
    del announcement
    return late_form(ctx.community.zone, t=ctx.t)


# When


def at_form(zone: ZoneInfo, initial: str, *, t: Texts) -> Form:
    """A day and an hour."""
    return Form(
        name="announce.at",
        title=t("At a day and hour"),
        fields=(
            Field("when", t("When?"), FieldKind.WHEN, zone=zone.key, initial=initial or None,
                  hint=t("On the clock of {city}.", city=t.city(zone))),
        ),
        submit=t("Choose"),
    )  # fmt: skip


async def _at(ctx: Context, form: Form, values: Values) -> Replies:
    row = await sending.plan_at(ctx, _number(form), str(values["when"]))
    return Show(await confirm_screen(ctx, row))


@form("announce.at", Permission.STAFF, submit=_at)
async def at(ctx: Context, announcement: str = "0") -> Form:
    """At which time a draft goes out."""
    del announcement
    return at_form(ctx.community.zone, "", t=ctx.t)


def _event_label(event: CommunityEvent, zone: ZoneInfo, t: Texts) -> str:
    return f"{event.title[:TITLE_SHOWN]} · {t.short_day(event.starts_at.astimezone(zone))}"


def by_event_form(events: Sequence[CommunityEvent], zone: ZoneInfo, *, t: Texts) -> Form:
    """Before or after an event's start."""
    return Form(
        name="announce.by",
        title=t("By an event"),
        intro=t("If the event is moved, the announcement moves with it; if it is called off, it is not sent."),
        fields=(
            Field(
                "event",
                t("Event"),
                FieldKind.CHOICE,
                options=tuple(Option(str(one.id), _event_label(one, zone, t)) for one in events),
            ),
            Field(
                "offset",
                t("When?"),
                FieldKind.CHOICE,
                options=tuple(Option(str(one), sending_screens.before_or_after(one, t)) for one in EVENT_OFFSETS),
            ),
        ),
        submit=t("Choose"),
    )


async def _by(ctx: Context, form: Form, values: Values) -> Replies:
    row = await sending.plan_by_event(ctx, _number(form), int(str(values["event"])), int(str(values["offset"])))
    return Show(await confirm_screen(ctx, row))


@form("announce.by", Permission.STAFF, submit=_by)
async def by_event(ctx: Context, announcement: str = "0") -> Form:
    """By which event a draft goes out."""
    del announcement
    events = [one for one in await audience.events(ctx.session, ctx.now) if one.starts_at > ctx.now]
    return by_event_form(sorted(events, key=lambda one: one.starts_at)[:MOST_EVENTS], ctx.community.zone, t=ctx.t)


def outlook_form(zone: ZoneInfo, *, t: Texts) -> Form:
    """Of which hour one wants to know what goes out."""
    return Form(
        name="announce.outlookat",
        title=t("What goes out when?"),
        fields=(Field("when", t("When?"), FieldKind.WHEN, zone=zone.key),),
        submit=t("Show"),
    )


async def _outlook(ctx: Context, form: Form, values: Values) -> Replies:
    del form
    start = instant_of(str(values["when"]), ctx.community.zone.key)
    return Show(outlook_screen(await outlook(ctx, start), zone=ctx.community.zone, t=ctx.t))


@form("announce.outlookat", Permission.STAFF, submit=_outlook)
async def ask_outlook(ctx: Context) -> Form:
    """What goes out at a time."""
    return outlook_form(ctx.community.zone, t=ctx.t)


# As somebody gets it


def person_form(*, t: Texts) -> Form:
    """Whose announcement is looked at."""
    return Form(
        name="announce.as",
        title=t("As a person gets it"),
        fields=(Field("name", t("Whose?"), max_length=100, hint=t("A name, or part of it.")),),
        submit=t("Show"),
    )


async def _as(ctx: Context, form: Form, values: Values) -> Replies:
    row = await draft(ctx, _number(form))
    found = await audience.people_named(ctx.session, str(values["name"]), most=NAMES_SHOWN + 1)
    if not found:
        return Errors({"name": ctx.t("Nobody here has such a name.")})
    if len(found) == 1:
        return Show(await as_person(ctx, row, found[0].id))
    return Show(sending_screens.which_person(row, found, most=NAMES_SHOWN, t=ctx.t))


@form("announce.as", Permission.STAFF, submit=_as)
async def as_whom(ctx: Context, announcement: str = "0") -> Form:
    """Whose announcement is looked at."""
    del announcement
    return person_form(t=ctx.t)


# Back to who asked


def back_form(*, t: Texts) -> Form:
    """Why it is not approved."""
    return Form(
        name="announce.back",
        title=t("Send it back"),
        fields=(
            Field("reason", t("What should be changed?"), FieldKind.TEXT, max_length=REASON_LENGTH),
        ),
        submit=t("Send it back"),
    )  # fmt: skip


async def _back(ctx: Context, form: Form, values: Values) -> Replies:
    row = await sending.send_back(ctx, _number(form), str(values["reason"]))
    return (
        Show(approval_screens.decided(row, t=ctx.t), review_card_of(row.id)),
        Toast(ctx.t("Sent back, with your words.")),
    )


@form("announce.back", Permission.STAFF, submit=_back)
async def back(ctx: Context, announcement: str = "0") -> Form:
    """Why a second person does not approve."""
    del announcement
    return back_form(t=ctx.t)
