"""What is sent unasked about posts, drawn from data alone."""

from handlers.conversation.screen import Bold, Button, Screen, Style, press, screen
from handlers.conversation.texts import Texts
from handlers.knowhow.screens import CARD_LENGTH, AnswerView, PostView, clipped, edit_button, mine_button


def told_published(view: PostView, t: Texts, *, because: str = "") -> Screen:
    """To who follows what it is about and wants it at once: a new post, and why it comes."""
    title = clipped(view.title, 80)
    text = t("New in {sector}: “{title}”", sector=view.sector, title=title) if view.sector else (
        t("New: “{title}”", title=title))  # fmt: skip
    return (
        screen(summary=text)
        .heading(text)
        .para(because)
        .para(clipped(view.body, CARD_LENGTH))
        .facts((t("Kind"), view.kind), (t("By"), view.author))
        .row(
            Button(t("See it"), press("post.open", view.id)),
            Button(t("Follow…"), press("follow.post", view.id)),
        )
        .build()
    )


def told_approved(view: PostView, t: Texts) -> Screen:
    """To the author: it is published."""
    return (
        screen()
        .para(Bold(t("“{title}” is published.", title=view.title)), " ", t("Thank you for sharing it!"))
        .row(Button(t("See it"), press("post.open", view.id)))
        .build()
    )


def told_rejected(view: PostView, t: Texts) -> Screen:
    """To the author: it is not published, and why."""
    return (
        screen()
        .para(Bold(t("“{title}” was not published.", title=view.title)))
        .para(t("What the staff say: {reason}", reason=view.reason))
        .row(Button(t("Mend it and send it again"), press("post.again", view.id), Style.PRIMARY, opens_form=True))
        .build()
    )


def told_change(view: PostView, t: Texts) -> Screen:
    """To the author: the staff ask for a change."""
    return (
        screen()
        .para(Bold(t("The staff ask you to change “{title}”.", title=view.title)))
        .para(t("What the staff say: {reason}", reason=view.reason))
        .para(t("Nothing of it is lost: change what they ask for and send it again."))
        .row(edit_button(t("Change it and send it"), view.id, Style.PRIMARY))
        .build()
    )


def ask_whether_it_holds(view: PostView, t: Texts) -> Screen:
    """To the author: whether a post still holds."""
    day = t.day(view.holds_until, year=True) if view.holds_until else ""
    return (
        screen(summary=t("Does “{title}” still hold?", title=clipped(view.title, 80)))
        .para(Bold(t("Does “{title}” still hold?", title=view.title)))
        .para(t("One tap is enough. Without an answer I'll close it on {day}; you can open it again.", day=day))
        .row(
            Button(t("Yes, it holds"), press("post.valid", view.id), Style.PRIMARY),
            edit_button(t("Change"), view.id),
            Button(t("Close it"), press("post.close", view.id)),
        )
        .build()
    )


def told_closed(view: PostView, t: Texts) -> Screen:
    """To the author: a post was closed because they did not answer."""
    return (
        screen()
        .para(Bold(t("I have closed “{title}”.", title=view.title)))
        .para(t("I had asked you whether it still holds. If it does, one tap opens it again."))
        .row(Button(t("It holds again"), press("post.valid", view.id)), mine_button(t))
        .build()
    )


def told_removed(view: PostView, t: Texts) -> Screen:
    """To the author: the staff removed it, and why."""
    return (
        screen()
        .para(Bold(t("The staff removed “{title}”.", title=view.title)))
        .para(t("What the staff say: {reason}", reason=view.reason))
        .row(mine_button(t))
        .build()
    )


def told_answered(view: PostView, answer: AnswerView, t: Texts) -> Screen:
    """To the author: somebody answered."""
    text = t("{author} answered “{title}”", author=answer.author, title=clipped(view.title, 80))
    return (
        screen(summary=text)
        .heading(text)
        .para(answer.body)
        .row(
            Button(t("See it"), press("post.open", view.id)),
            Button(t("Answer"), press("post.answer", view.id), opens_form=True),
        )
        .build()
    )
