"""The forms of know-how: share, change, answer, and say why not."""

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.conversation.actions import form
from handlers.conversation.answers import WALL
from handlers.conversation.context import Context
from handlers.conversation.event import Errors, Replies, Show, Tell, Undecided
from handlers.conversation.form import Field, FieldKind, Form, Option, Values
from handlers.conversation.forms import SURE
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.knowhow import editing, moderating, reading, screens, service
from handlers.knowhow.blind import screens as blind_screens
from handlers.knowhow.blind.rules import BLIND_KINDS
from handlers.knowhow.blind.writing import (
    BLIND,
    change_problems,
    look_once_more,
    name_field,
    new_problems,
)
from handlers.knowhow.readers import readers_label
from handlers.knowhow.rules import (
    LINK_LENGTH,
    MOST_TOPICS,
    TITLE_LENGTH,
    TOPIC_LENGTH,
    NotALinkError,
    TooManyTopicsError,
    TopicTooLongError,
    end_of_day,
    link_of,
    topics_of,
)
from handlers.knowhow.screens import PostView
from handlers.knowhow.service import Audience, NewPost
from storage.enums import Locale, PostVisibility
from storage.models import Post, PostKind
from storage.queries import groups, posts
from storage.queries.identity import sectors
from storage.queries.missions import delegations_of

BODY_LENGTH = 3000
"""Characters; what a Slack input holds."""
ANSWER_LENGTH = 2000
REASON_LENGTH = 500
OPTION_LENGTH = 75
"""Characters of an option's label (Slack)."""


def share_questions(
    t: Texts,
    *,
    kinds: Sequence[Option],
    sector_options: Sequence[Option],
    readers: Sequence[Option],
    language: Locale,
    zone: str,
    before: Values | None = None,
    may_be_blind: bool = True,
    takes_file: bool = True,
) -> Form:
    """The questions about a post; ``before``: what it says so far, when it is changed.

    ``may_be_blind``: whether it asks under what name; a blind post gets its name by a button of its own.
    ``takes_file``: a blind post has none.
    """
    said = before or {}
    return Form(
        "knowhow.edit" if before is not None else "knowhow.share",
        t("Change the post") if before is not None else t("Share know-how"),
        (
            Field(
                "title",
                t("Title"),
                max_length=TITLE_LENGTH,
                hint=t("What somebody would search for."),
                initial=said.get("title"),
            ),
            Field(
                "kind", t("What kind of post is it?"), FieldKind.CHOICE, options=tuple(kinds), initial=said.get("kind")
            ),
            Field(
                "body",
                t("Text"),
                FieldKind.TEXT,
                max_length=BODY_LENGTH,
                hint=t("As you would tell a colleague."),
                initial=said.get("body"),
            ),
            Field(
                "sector",
                t("Sector"),
                FieldKind.CHOICE,
                required=False,
                options=tuple(sector_options),
                initial=said.get("sector"),
            ),
            Field(
                "topics",
                t("Topics"),
                required=False,
                hint=t("Parted by commas, for example: MDR, clinical data"),
                initial=said.get("topics"),
            ),
            Field("link", t("Link"), required=False, max_length=LINK_LENGTH, hint="https://", initial=said.get("link")),
            Field(
                "deadline",
                t("Deadline"),
                FieldKind.WHEN,
                required=False,
                zone=zone,
                date_only=True,
                hint=t("A funding call needs one."),
                initial=said.get("deadline"),
            ),
            *([file_field(t, has_one=bool(said.get("file")))] if takes_file else []),
            Field(
                "readers",
                t("Who can read it?"),
                FieldKind.CHOICE,
                options=tuple(readers),
                hint=t("Outside the community too it carries your name, unless you share it without."),
                initial=said.get("readers") or PostVisibility.COMMUNITY.value,
            ),
            *([name_field(t, named=before is not None)] if may_be_blind else []),
            Field(
                "language",
                t("In which language is it?"),
                FieldKind.CHOICE,
                options=(Option(Locale.ITALIAN, "Italiano"), Option(Locale.ENGLISH, "English")),
                initial=language,
            ),
        ),
        t("Save") if before is not None else t("Send"),
    )


def file_field(t: Texts, *, has_one: bool) -> Field:
    """The question for a file."""
    hint = t("The one it has stays if you send none.") if has_one else ""
    return Field("file", t("File"), FieldKind.FILE, required=False, hint=hint)


def answer_questions(t: Texts, title: str) -> Form:
    """The question behind "Answer"."""
    return Form(
        "knowhow.answer",
        t("Answer"),
        (Field("body", t("Your answer"), FieldKind.TEXT, max_length=ANSWER_LENGTH),),
        t("Send"),
        intro=t("To “{title}”. Its author is told, and every member can read it.", title=title),
    )


def reject_questions(t: Texts, title: str) -> Form:
    """Why a post is not published."""
    return Form(
        "knowhow.reject",
        t("Reject"),
        (Field("reason", t("Why? The author reads this."), FieldKind.TEXT, max_length=REASON_LENGTH),),
        t("Reject"),
        intro=t("“{title}” will not be published.", title=title),
    )


def change_questions(t: Texts, title: str) -> Form:
    """What is to be changed before a post is published."""
    return Form(
        "knowhow.mend",
        t("Ask for a change"),
        (Field("wish", t("What should be changed? The author reads this."), FieldKind.TEXT, max_length=REASON_LENGTH),),
        t("Send"),
        intro=t("“{title}” goes back to its author, who changes it and sends it again.", title=title),
    )


def takedown_questions(t: Texts, title: str) -> Form:
    """Why a published post is removed."""
    return Form(
        "knowhow.takedown",
        t("Remove"),
        (Field("reason", t("Why? The author reads this."), FieldKind.TEXT, max_length=REASON_LENGTH),),
        t("Remove"),
        intro=t("“{title}” disappears from the lists, from the search and from the channel.", title=title),
    )


def _option(t: Texts, row: object, row_id: int) -> Option:
    return Option(str(row_id), t.of(row, "name")[:OPTION_LENGTH])


async def submit_share(ctx: Context, form: Form, values: Values) -> Replies:
    """Take in the post, say what is wrong by field, or show first what may say the same already."""
    said, wrong = await _said(ctx, values)
    if said is None:
        return Errors(wrong)
    if form.context.get(SURE) is None:
        near = await reading.similar_to(ctx, said.title, said.topics)
        if said.blind:
            return Undecided(blind_screens.check(await look_once_more(ctx, said, values, near), ctx.t))
        if near:
            return Undecided(screens.similar(near, ctx.t))
    post = await service.share(ctx, said)
    return Show(screens.shared(await reading.view_of(ctx, post), ctx.t))


async def _said(ctx: Context, values: Values, post: Post | None = None) -> tuple[NewPost | None, dict[str, str]]:
    """What an author says, or what is wrong with it by field; ``post``: which one they change."""
    wrong: dict[str, str] = {}
    kind = await ctx.session.get_one(PostKind, int(str(values["kind"])))
    topics, link, deadline = _topics(ctx, values, wrong), _link(ctx, values, wrong), _deadline(ctx, values)
    if kind.has_deadline and deadline is None:
        wrong["deadline"] = ctx.t("“{kind}” needs a deadline: until when can one apply?", kind=ctx.t.of(kind, "name"))
    audience = audience_named(str(values["readers"]))
    sector_id = int(str(values["sector"])) if values.get("sector") else None
    if audience.visibility is PostVisibility.SECTOR and sector_id is None:
        wrong["sector"] = ctx.t("You want only the members of its sector to read it: which sector is it?")
    blind = post.blind if post is not None else values.get("names") == BLIND
    if post is None and blind:
        wrong |= new_problems(ctx, kind)
    elif post is not None:
        wrong |= await change_problems(ctx, values, kind, post)
    if wrong:
        return None, wrong
    file = values.get("file")
    said = NewPost(
        title=str(values["title"]),
        body=str(values["body"]),
        kind_id=kind.id,
        language=Locale(str(values["language"])),
        sector_id=sector_id,
        topics=topics,
        link=link,
        deadline=deadline,
        attachment=file if isinstance(file, dict) and not blind else None,
        audience=audience,
        blind=blind,
    )
    return said, {}


def audience_named(value: str) -> Audience:
    """Who may read a post, from an option's value: a visibility, with the id of a group or mission behind a dash."""
    name, _, number = value.partition("-")
    visibility = PostVisibility(name)
    number_of = int(number) if number else None
    return Audience(
        visibility,
        group_id=number_of if visibility is PostVisibility.GROUP else None,
        mission_id=number_of if visibility is PostVisibility.MISSION else None,
    )


def name_of_audience(audience: Audience) -> str:
    """The option's value that stands for these readers."""
    number = audience.group_id if audience.visibility is PostVisibility.GROUP else audience.mission_id
    return f"{audience.visibility.value}-{number}" if number is not None else audience.visibility.value


def readers_options(
    t: Texts,
    *,
    group_names: Sequence[tuple[int, str]] = (),
    missions: Sequence[tuple[int, str]] = (),
    staff: bool = False,
) -> list[Option]:
    """Who may read a post, as far as its author can choose."""
    found = [
        Option(one, readers_label(one, t))
        for one in (PostVisibility.COMMUNITY, PostVisibility.PUBLIC, PostVisibility.SECTOR)
    ]
    found += [
        Option(f"{PostVisibility.GROUP}-{number}", readers_label(PostVisibility.GROUP, t, name)[:OPTION_LENGTH])
        for number, name in group_names
    ]
    found += [
        Option(f"{PostVisibility.MISSION}-{number}", readers_label(PostVisibility.MISSION, t, title)[:OPTION_LENGTH])
        for number, title in missions
    ]
    return [*found, Option(PostVisibility.STAFF, readers_label(PostVisibility.STAFF, t))] if staff else found


async def _readers(ctx: Context, now: Audience | None = None) -> list[Option]:
    """What this author can choose; what a post of theirs has now stays a choice."""
    options = readers_options(
        ctx.t,
        group_names=[(one.id, one.name) for one in await groups.groups_of(ctx.session, ctx.me.id)],
        missions=await delegations_of(ctx.session, ctx.me.id, runs_missions=ctx.may(Permission.MISSION)),
        staff=ctx.may(Permission.STAFF),
    )
    if now is not None and name_of_audience(now) not in {one.value for one in options}:
        options.append(Option(name_of_audience(now), ctx.t("As it is now")))
    return options


async def _share_form(
    ctx: Context,
    *,
    language: Locale,
    before: Values | None = None,
    now: Audience | None = None,
    may_be_blind: bool = True,
    takes_file: bool = True,
) -> Form:
    kinds = await posts.kinds(ctx.session)
    zone: ZoneInfo = ctx.community.zone
    return share_questions(
        ctx.t,
        kinds=[_option(ctx.t, kind, kind.id) for kind in kinds],
        sector_options=[_option(ctx.t, sector, sector.id) for sector in await sectors(ctx.session)],
        readers=await _readers(ctx, now),
        language=language,
        zone=zone.key,
        before=before,
        may_be_blind=may_be_blind,
        takes_file=takes_file,
    )


async def submit_edit(ctx: Context, form: Form, values: Values) -> Replies:
    """Change the post, or say what is wrong by field."""
    post = await service.find(ctx, int(form.context["post"]))
    editing.check_editable(ctx, post)
    said, wrong = await _said(ctx, values, post)
    if said is None:
        return Errors(wrong)
    post, was_changed = await editing.edit(ctx, post.id, said)
    return Show(screens.edited(await reading.view_of(ctx, post), ctx.t, was_changed=was_changed))


@form("knowhow.edit", Permission.MEMBER, submit=submit_edit)
async def edit(ctx: Context, post: str) -> Form:
    """Change a post."""
    row = await service.find(ctx, int(post))
    editing.check_editable(ctx, row)
    day = row.deadline.astimezone(ctx.community.zone) if row.deadline else None
    audience = editing.audience_of(row)
    before: Values = {
        "title": row.title,
        "kind": str(row.kind_id),
        "body": row.body,
        "sector": str(row.sector_id) if row.sector_id else None,
        "topics": ", ".join(row.topics),
        "link": row.link,
        "deadline": f"{day:%Y-%m-%d}T00:00" if day else None,
        "file": dict(row.attachment) or None,
        "readers": name_of_audience(audience),
    }
    may_be_blind = not row.blind and row.kind.key in BLIND_KINDS
    return await _share_form(
        ctx,
        language=row.language,
        before=before,
        now=audience,
        may_be_blind=may_be_blind,
        takes_file=not row.blind,
    )


def _topics(ctx: Context, values: Values, wrong: dict[str, str]) -> list[str]:
    try:
        return topics_of(str(values.get("topics") or ""))
    except TooManyTopicsError:
        wrong["topics"] = ctx.t("At most {n} topics, please.", n=ctx.t.number(MOST_TOPICS))
    except TopicTooLongError as error:
        wrong["topics"] = ctx.t(
            "“{topic}” is too long: a topic has {n} characters at most. Are the commas missing?",
            topic=screens.clipped(str(error), 40),
            n=ctx.t.number(TOPIC_LENGTH),
        )
    return []


def _link(ctx: Context, values: Values, wrong: dict[str, str]) -> str:
    typed = str(values.get("link") or "")
    if not typed:
        return ""
    try:
        return link_of(typed)
    except NotALinkError:
        wrong["link"] = ctx.t("Copy the whole address from your browser, like https://www.example.org/page.")
    return ""


def _deadline(ctx: Context, values: Values) -> datetime | None:
    typed = values.get("deadline")
    if not typed:
        return None
    day = datetime.strptime(str(typed), WALL).date()  # noqa: DTZ007 - wall time has no zone by definition
    return end_of_day(day, ctx.community.zone)


@form("knowhow.share", Permission.MEMBER, submit=submit_share)
async def share(ctx: Context) -> Form:
    """Share know-how."""
    may_be_blind = any(kind.key in BLIND_KINDS for kind in await posts.kinds(ctx.session))
    return await _share_form(ctx, language=ctx.locale, may_be_blind=may_be_blind)


async def submit_answer(ctx: Context, form: Form, values: Values) -> Replies:
    """Put the answer below the post."""
    post_id = int(form.context["post"])
    await service.answer(ctx, post_id, str(values["body"]))
    return Show(screens.answered(post_id, ctx.t))


@form("knowhow.answer", Permission.MEMBER, submit=submit_answer)
async def answer(ctx: Context, post: str) -> Form:
    """Answer a post."""
    row = await service.find(ctx, int(post))
    await service.check_answerable(ctx, row)
    return answer_questions(ctx.t, row.title)


async def submit_reject(ctx: Context, form: Form, values: Values) -> Replies:
    """Reject the post, or say who has decided before."""
    decision = await moderating.reject(ctx, int(form.context["post"]), str(values["reason"]))
    return await _after(ctx, decision, screens.rejected)


async def _after(ctx: Context, decision: tuple[Post, bool], done: Callable[[PostView, Texts], Screen]) -> Replies:
    """What the first of two moderators reads; the second, who has decided before."""
    post, was_first = decision
    view = await reading.view_of(ctx, post)
    if not was_first:
        return Tell(screens.told_late(moderating.already_decided(ctx, view), ctx.t))
    return Show(done(view, ctx.t))


@form("knowhow.reject", Permission.MODERATE, submit=submit_reject)
async def reject(ctx: Context, post: str) -> Form:
    """Say why a post is not published."""
    row = await service.find(ctx, int(post))
    return reject_questions(ctx.t, row.title)


async def submit_change(ctx: Context, form: Form, values: Values) -> Replies:
    """Ask the author for a change, or say who has decided before."""
    decision = await moderating.ask_for_change(ctx, int(form.context["post"]), str(values["wish"]))
    return await _after(ctx, decision, screens.change_asked)


@form("knowhow.mend", Permission.MODERATE, submit=submit_change)
async def mend(ctx: Context, post: str) -> Form:
    """Ask the author for a change."""
    row = await service.find(ctx, int(post))
    moderating.check_waits(ctx, row)
    return change_questions(ctx.t, row.title)


async def submit_takedown(ctx: Context, form: Form, values: Values) -> Replies:
    """Remove the post."""
    post = await service.take_down(ctx, int(form.context["post"]), str(values["reason"]))
    return Show(screens.taken_down(await reading.view_of(ctx, post), ctx.t))


@form("knowhow.takedown", Permission.MODERATE, submit=submit_takedown)
async def takedown(ctx: Context, post: str) -> Form:
    """Say why a post is removed."""
    row = await service.find(ctx, int(post))
    return takedown_questions(ctx.t, row.title)
