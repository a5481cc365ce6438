"""What a second person sees before many get an announcement, what becomes of plans and drafts, and of the trial."""

from zoneinfo import ZoneInfo

from handlers.announcements.audience_screens import how_many, who
from handlers.announcements.extras import Extras
from handlers.announcements.names import clipped, language_name, title_of, wordings
from handlers.announcements.option_screens import acknowledgement_line, channel_line
from handlers.announcements.rules import written
from handlers.announcements.sending import Review
from handlers.announcements.sending_screens import when_line
from handlers.conversation.screen import Bold, Button, Screen, ScreenBuilder, Style, press, screen
from handlers.conversation.texts import Texts
from storage.enums import ChannelPost
from storage.models import Announcement


def review(shown: Review, *, zone: ZoneInfo, t: Texts) -> Screen:
    """The exact text in each language, the people and the moment, for who may approve it."""
    row, people = shown.row, shown.aim.reach.people
    title = title_of(row, t)
    out = screen(summary=t("To approve: {title}", title=title))
    out.heading(t("To approve: {title}", title=title))
    if shown.asked_by:
        out.para(t("{name} asks for a second pair of eyes.", name=shown.asked_by))
    both = wordings(row)
    for locale in written(both):
        out.para(Bold(language_name(locale, t))).para(Bold(both[locale].title)).para(both[locale].text)
    _attached(out, row, t)
    who(out, shown.aim, t)
    how_many(out, shown.aim, t)
    out.facts(
        (t("Kind of message"), t("promotional") if row.promotional else t("service message")),
        (t("Topic"), shown.topic or None),
        (t("When"), when_line(shown.moment, zone, t)),
        (t("Channel"), channel_line(row.channel, t) if row.channel not in {None, ChannelPost.NONE} else None),
        (t("Confirmation of reading"), acknowledgement_line(row, t) if row.asks_ack else None),
    )
    if shown.mine:
        if shown.aim.reach.readers:
            label = t.n("Approve for {n} person", "Approve for {n} people", people)
            out.row(Button(label, press("announce.approve", row.id, people), Style.PRIMARY))
        out.row(
            Button(t("Read it"), press("announce.look", row.id)),
            Button(t("Send it back"), press("announce.back", row.id), Style.DANGER, opens_form=True),
        )
        return out.build()
    if shown.others:
        out.para(t("Somebody else must approve it: neither who wrote it nor who asked."))
    else:
        out.para(t("There is nobody else on the staff to approve it. An owner can add somebody."))
    return out.row(Button(t("Take it back"), press("announce.unplan", row.id), Style.DANGER)).build()


def _attached(out: ScreenBuilder, row: Announcement, t: Texts) -> None:
    extras = Extras.from_json(row.extras)
    out.facts(
        (t("Picture"), extras.picture.name if extras.picture else None),
        (t("File"), extras.file.name if extras.file else None),
        *((clipped(link.label(t.locale)), link.url) for link in extras.links),
    )


def decided(row: Announcement, *, t: Texts) -> Screen:
    """What stays of a request for approval once it was decided or taken back."""
    title = title_of(row, t)
    return (
        screen(summary=t("Decided: {title}", title=title))
        .heading(title)
        .para(t("There is nothing left to decide here."))
        .row(Button(t("All announcements"), press("announce.all")))
        .build()
    )


def sent_back(row: Announcement, by: str, reason: str, *, t: Texts) -> Screen:
    """The notice to who asked for an approval that it comes back."""
    title = title_of(row, t)
    out = screen(summary=t("Sent back: {title}", title=title)).heading(t("Sent back: {title}", title=title))
    out.para(t("{name} has not approved it. It is a draft again.", name=by or t("A colleague")))
    if reason:
        out.facts((t("Reason"), reason))
    return out.row(Button(t("Change it"), press("announce.show", row.id), Style.PRIMARY)).build()


def unplanned(row: Announcement, *, t: Texts) -> Screen:
    """The notice that a planned one does not go out."""
    title = title_of(row, t)
    return (
        screen(summary=t("Not sent: {title}", title=title))
        .heading(t("Not sent: {title}", title=title))
        .para(t("Its event is off or has begun, or nobody is left to get it. It is a draft again."))
        .row(Button(t("Look at it"), press("announce.show", row.id), Style.PRIMARY))
        .build()
    )


# Drafts and the trial


def delete_draft(row: Announcement, *, t: Texts) -> Screen:
    """Before a draft is thrown away."""
    return (
        screen(summary=t("Delete the draft?"))
        .heading(t("Delete the draft?"))
        .para(Bold(title_of(row, t)))
        .row(
            Button(t("Yes, delete it"), press("announce.discard", row.id), Style.DANGER),
            Button(t("No, keep it"), press("announce.audience", row.id)),
        )
        .build()
    )


def deleted(*, t: Texts) -> Screen:
    """After a draft was thrown away."""
    return screen().para(t("The draft is deleted.")).row(Button(t("All announcements"), press("announce.all"))).build()


def end_trial(*, staff: int, everybody: int, t: Texts) -> Screen:
    """Before an owner ends the trial."""
    return (
        screen(summary=t("End the trial?"))
        .heading(t("End the trial?"))
        .para(
            t(
                "Until now announcements went to the staff only ({staff}). From then on they go to whomever they are "
                "meant for: today {everybody} people can be reached. There is no way back.",
                staff=t.number(staff),
                everybody=t.number(everybody),
            )
        )
        .row(
            Button(t("Yes, end the trial"), press("announce.golive"), Style.DANGER),
            Button(t("Not yet"), press("announce.all")),
        )
        .build()
    )


def trial_ended(*, t: Texts) -> Screen:
    """After the trial has ended."""
    return (
        screen()
        .para(t("The trial is over: announcements now go to whomever they are meant for."))
        .row(Button(t("All announcements"), press("announce.all")))
        .build()
    )
