"""The forms of know-how: share, answer, and say why not."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.conversation.actions import form
from handlers.conversation.answers import WALL
from handlers.conversation.context import Context
from handlers.conversation.event import Errors, Replies, Show, Tell
from handlers.conversation.form import Field, FieldKind, Form, Option, Values
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import Texts
from handlers.knowhow import reading, screens, service
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
from handlers.knowhow.service import NewPost
from storage.enums import Locale
from storage.models import PostKind
from storage.queries import posts
from storage.queries.identity import sectors

BODY_LENGTH = 3000
"""Characters; what a Slack input holds."""
ANSWER_LENGTH = 2000
REASON_LENGTH = 500
OPTION_LENGTH = 75
"""Characters of an option's label (Slack)."""


def share_questions(
    t: Texts, *, kinds: Sequence[Option], sector_options: Sequence[Option], language: Locale, zone: str
) -> Form:
    """The questions about a post."""
    return Form(
        "knowhow.share",
        t("Share know-how"),
        (
            Field("title", t("Title"), max_length=TITLE_LENGTH, hint=t("What somebody would search for.")),
            Field("kind", t("What kind of post is it?"), FieldKind.CHOICE, options=tuple(kinds)),
            Field("body", t("Text"), FieldKind.TEXT, max_length=BODY_LENGTH, hint=t("As you would tell a colleague.")),
            Field("sector", t("Sector"), FieldKind.CHOICE, required=False, options=tuple(sector_options)),
            Field(
                "topics",
                t("Topics"),
                required=False,
                hint=t("Parted by commas, for example: MDR, clinical data"),
            ),
            Field("link", t("Link"), required=False, max_length=LINK_LENGTH, hint="https://"),
            Field(
                "deadline",
                t("Deadline"),
                FieldKind.WHEN,
                required=False,
                zone=zone,
                date_only=True,
                hint=t("A funding call needs one."),
            ),
            Field("file", t("File"), FieldKind.FILE, required=False),
            Field(
                "language",
                t("In which language is it?"),
                FieldKind.CHOICE,
                options=(Option(Locale.ITALIAN, "Italiano"), Option(Locale.ENGLISH, "English")),
                initial=language,
            ),
        ),
        t("Send"),
    )


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


async def submit_share(ctx: Context, _: Form, values: Values) -> Replies:
    """Take in the post, or say what is wrong by field."""
    wrong: dict[str, str] = {}
    kind = await ctx.session.get_one(PostKind, int(str(values["kind"])))
    topics, link, deadline = _topics(ctx, values, wrong), _link(ctx, values, wrong), _deadline(ctx, values)
    if kind.has_deadline and deadline is None:
        wrong["deadline"] = ctx.t("“{kind}” needs a deadline: until when can one apply?", kind=ctx.t.of(kind, "name"))
    if wrong:
        return Errors(wrong)
    file = values.get("file")
    post = await service.share(
        ctx,
        NewPost(
            title=str(values["title"]),
            body=str(values["body"]),
            kind_id=kind.id,
            language=Locale(str(values["language"])),
            sector_id=int(str(values["sector"])) if values.get("sector") else None,
            topics=topics,
            link=link,
            deadline=deadline,
            attachment=file if isinstance(file, dict) else None,
        ),
    )
    return Show(screens.shared(await reading.view_of(ctx, post), ctx.t))


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
    kinds = await posts.kinds(ctx.session)
    zone: ZoneInfo = ctx.community.zone
    return share_questions(
        ctx.t,
        kinds=[_option(ctx.t, kind, kind.id) for kind in kinds],
        sector_options=[_option(ctx.t, sector, sector.id) for sector in await sectors(ctx.session)],
        language=ctx.locale,
        zone=zone.key,
    )


async def submit_answer(ctx: Context, form: Form, values: Values) -> Replies:
    """Put the answer below the post."""
    post_id = int(form.context["post"])
    await service.answer(ctx, post_id, str(values["body"]))
    return Show(screens.answered(post_id, ctx.t))


@form("knowhow.answer", Permission.MEMBER, submit=submit_answer)
async def answer(ctx: Context, post: str) -> Form:
    """Answer a post."""
    row = await service.find(ctx, int(post))
    service.check_answerable(ctx, row)
    return answer_questions(ctx.t, row.title)


async def submit_reject(ctx: Context, form: Form, values: Values) -> Replies:
    """Reject the post, or say who has decided before."""
    post, was_first = await service.reject(ctx, int(form.context["post"]), str(values["reason"]))
    view = await reading.view_of(ctx, post)
    if not was_first:
        return Tell(screens.told_late(service.already_decided(ctx, view), ctx.t))
    return Show(screens.rejected(view, ctx.t))


@form("knowhow.reject", Permission.MODERATE, submit=submit_reject)
async def reject(ctx: Context, post: str) -> Form:
    """Say why a post is not published."""
    row = await service.find(ctx, int(post))
    return reject_questions(ctx.t, row.title)


async def submit_takedown(ctx: Context, form: Form, values: Values) -> Replies:
    """Remove the post."""
    post = await service.take_down(ctx, int(form.context["post"]), str(values["reason"]))
    return Show(screens.taken_down(await reading.view_of(ctx, post), ctx.t))


@form("knowhow.takedown", Permission.MODERATE, submit=submit_takedown)
async def takedown(ctx: Context, post: str) -> Form:
    """Say why a post is removed."""
    row = await service.find(ctx, int(post))
    return takedown_questions(ctx.t, row.title)
