"""The form in which staff write an announcement."""

from collections.abc import Sequence

from handlers.announcements import drafting
from handlers.announcements.audience_screens import audience
from handlers.announcements.names import language_name, topic_name
from handlers.announcements.rules import Flaw, Wording, Wordings, flaws
from handlers.conversation.actions import form
from handlers.conversation.context import Context
from handlers.conversation.event import Errors, Replies, Show
from handlers.conversation.form import Field, FieldKind, Form, Option, Values
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import Texts
from storage.enums import Locale
from storage.models import Announcement, Topic
from storage.queries.audience import topics

TITLE_LENGTH = 120
SERVICE = "service"
PROMOTIONAL = "promotional"


def text_fields(row: Announcement | None, t: Texts) -> tuple[Field, ...]:
    """Title and text in both languages, filled in with what there is."""
    return (
        Field(
            "title_it", t("Title in Italian"), required=False, max_length=TITLE_LENGTH,
            initial=row.title_it if row else None,
        ),
        Field(
            "text_it", t("Text in Italian"), FieldKind.TEXT, required=False,
            initial=row.text_it if row else None,
        ),
        Field(
            "title_en", t("Title in English"), required=False, max_length=TITLE_LENGTH,
            initial=row.title_en if row else None,
        ),
        Field(
            "text_en", t("Text in English"), FieldKind.TEXT, required=False,
            initial=row.text_en if row else None,
        ),
    )  # fmt: skip


def wordings_in(values: Values) -> Wordings:
    """What was written, by language."""
    return {
        locale: Wording(str(values.get(f"title_{locale}") or ""), str(values.get(f"text_{locale}") or ""))
        for locale in Locale
    }


def writing_form(row: Announcement | None, *, default: Locale, topics: Sequence[Topic] = (), t: Texts) -> Form:
    """The form, filled in with a draft's text where there is one."""
    return Form(
        name="announce.write",
        title=t("Announcement"),
        intro=t("Write in one language or in both. Before anything is sent you choose who gets it and see a preview."),
        fields=(
            *text_fields(row, t),
            Field(
                "fallback",
                t("Language for those whose own is missing"),
                FieldKind.CHOICE,
                options=tuple(Option(locale.value, language_name(locale, t)) for locale in Locale),
                initial=(row.fallback if row else default).value,
            ),
            Field(
                "kind",
                t("Kind of message"),
                FieldKind.CHOICE,
                options=(
                    Option(SERVICE, t("Service: what members need to know")),
                    Option(PROMOTIONAL, t("Promotional: only those who said yes to news")),
                ),
                initial=(PROMOTIONAL if row.promotional else SERVICE) if row else None,
            ),
            *_topic_field(row, topics, t),
        ),
        submit=t("Save and choose who gets it"),
    )


def _topic_field(row: Announcement | None, topics: Sequence[Topic], t: Texts) -> tuple[Field, ...]:
    if not topics:
        return ()
    return (
        Field(
            "topic",
            t("Topic"),
            FieldKind.CHOICE,
            required=False,
            options=tuple(Option(one.key, topic_name(one, t)) for one in topics),
            hint=t("Readers can turn down the promotional news of a topic."),
            initial=(row.topic or None) if row else None,
        ),
    )


async def submit(ctx: Context, form: Form, values: Values) -> Replies:
    """Keep the text and show the audience."""
    both = wordings_in(values)
    fallback = Locale(str(values["fallback"]))
    wrong = flaws(both, fallback)
    if wrong:
        return Errors({name: sentence(flaw, fallback, ctx.t) for name, flaw in wrong.items()})
    row = await drafting.write(
        ctx,
        int(form.context.get("announcement", "0")),
        both,
        fallback=fallback,
        promotional=values["kind"] == PROMOTIONAL,
        topic=str(values.get("topic") or ""),
    )
    return Show(audience(await drafting.aim(ctx, row), t=ctx.t))


def sentence(flaw: Flaw, fallback: Locale, t: Texts) -> str:
    """What is wrong with what was written."""
    match flaw:
        case Flaw.NO_TITLE:
            return t("There is a text in this language but no title.")
        case Flaw.NO_TEXT:
            return t("There is a title in this language but no text.")
        case Flaw.NOTHING:
            return t("Please write a title and a text in at least one language.")
        case Flaw.FALLBACK_EMPTY:
            return t(
                "You wrote nothing in {language}. Choose the language you wrote in.",
                language=language_name(fallback, t),
            )


@form("announce.write", Permission.STAFF, submit=submit)
async def write(ctx: Context, announcement: str = "0") -> Form:
    """A new announcement, or the text of a draft."""
    # Whether the draft can still be changed is asked when the form is handed in: it is built for the menu too.
    row = await ctx.session.get(Announcement, int(announcement)) if announcement != "0" else None
    return writing_form(row, default=ctx.community.locale, topics=await topics(ctx.session), t=ctx.t)
