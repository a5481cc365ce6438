"""Sharing, deciding, finding, answering and removing, through the real program."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from handlers.conversation.screen import UrlButton
from storage.enums import Locale, PersonStatus, Platform, PostStatus, Role
from storage.models import AuditEntry, CardCopy, Draft, OutboxMessage, Post, PostAnswer, PostReading, SearchEntry
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver, WebPerson

TITLE = "Accordi di riservatezza in una pagina"
BODY = "Bastano quattro clausole. La delegazione firma prima della fiera."


@dataclass
class Cast:
    """A member who writes, one who reads, two moderators, a guest and somebody unknown."""

    community: CommunityUnderTest
    anna: WebPerson
    bruno: WebPerson
    sara: WebPerson
    mario: WebPerson
    guest: WebPerson
    outsider: WebPerson

    async def post(self, **answers: str) -> Post:
        """Anna shares a post; it waits."""
        await self.anna.says("/share")
        await self.anna.fills({"Titolo": TITLE, "Che tipo di post è?": "Buona pratica", "Testo": BODY, **answers})
        return await self.newest()

    async def published(self, **answers: str) -> Post:
        """Anna shares a post and Sara approves it."""
        post = await self.post(**answers)
        await self.sara.sends_action(f"post.approve:{post.id}")
        return await self.newest()

    async def newest(self) -> Post:
        async with self.community.app.database.reading() as session:
            return (await session.execute(select(Post).order_by(Post.id.desc()).limit(1))).scalar_one()

    async def number(self, model: type, *conditions: object) -> int:
        async with self.community.app.database.reading() as session:
            statement = select(func.count()).select_from(model).where(*conditions)  # type: ignore[arg-type]  # column expressions
            return (await session.execute(statement)).scalar_one()


async def _cast(community: CommunityUnderTest) -> Cast:
    people: dict[str, PersonDriver] = {
        "anna": await community.member("Anna Autrice"),
        "bruno": await community.member("Bruno Lettore"),
        "sara": await community.member("Sara Staff", roles=(Role.STAFF,)),
        "mario": await community.member("Mario Moderatore", roles=(Role.MODERATOR,)),
        "guest": await community.member("Guido Ospite", status=PersonStatus.GUEST),
        "outsider": await community.stranger("Nessuno"),
    }
    return Cast(community, **people)  # type: ignore[arg-type]  # on the web all are WebPerson


@pytest.fixture
async def cast(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Cast]:
    """For what neither platform nor database changes."""
    async with CommunityUnderTest.open(Platform.WEB, sqlite_url, tmp_path) as community:
        await community.vocabulary()
        yield await _cast(community)


@pytest.fixture
async def cast_on_both(web_community: CommunityUnderTest) -> Cast:
    """For races, locks and searches: on each database in turn."""
    return await _cast(web_community)


# Sharing


async def test_a_post_waits_for_the_staff_and_every_moderator_is_told(cast: Cast) -> None:
    post = await cast.post(Argomenti="#MDR, contratti", Link="https://example.org/modello")
    cast.anna.sees("arrivato in segreteria")
    assert (post.status, post.topics, post.link) == (
        PostStatus.PENDING,
        ["MDR", "contratti"],
        "https://example.org/modello",
    )
    assert post.language is Locale.ITALIAN
    for moderator in (cast.sara, cast.mario):
        seen = moderator.sees("Da rivedere", TITLE, BODY)
        assert {"Approva", "Respingi"} <= set(seen.buttons)
    cast.bruno.sees_nothing_of(TITLE)
    await cast.bruno.says("riservatezza")
    cast.bruno.sees("non c'è ancora niente")
    await cast.bruno.sends_action(f"post.open:{post.id}")
    cast.bruno.told("non c'è più")


async def test_a_moderators_own_post_is_published_at_once(cast: Cast) -> None:
    await cast.mario.says("/condividi")
    await cast.mario.fills({"Titolo": TITLE, "Che tipo di post è?": "Domanda", "Testo": BODY})
    cast.mario.sees("Pubblicato")
    cast.sara.sees_nothing_of(TITLE)
    assert (await cast.newest()).status is PostStatus.PUBLISHED
    assert await cast.number(AuditEntry, AuditEntry.action == "post.publish") == 1


async def test_what_is_wrong_is_said_by_field_and_nothing_is_lost(cast: Cast) -> None:
    await cast.anna.says("/share")
    answers = {"Titolo": "Bando", "Che tipo di post è?": "Bando", "Testo": BODY, "Link": "www.example.org"}
    await cast.anna.fills({**answers, "Argomenti": "x" * 50})
    assert set(cast.anna.window.errors) == {"link", "topics", "deadline"}
    assert "https://" in cast.anna.window.errors["link"]
    assert "scadenza" in cast.anna.window.errors["deadline"]
    assert await cast.number(Post) == 0
    await cast.anna.fills({**answers, "Argomenti": "x", "Link": "https://example.org", "Scadenza": "25/05/2018"})
    post = await cast.newest()
    assert post.deadline is not None
    assert post.deadline.isoformat() == "2018-05-25T21:59:00+00:00"
    cast.sara.sees("venerdì 25 maggio 2018")


async def test_a_past_deadline_is_refused(cast: Cast) -> None:
    await cast.anna.says("/share")
    answers = {"Titolo": "B", "Che tipo di post è?": "Bando", "Testo": BODY, "Scadenza": "2018-04-01T00:00"}
    await cast.anna.fills(answers)
    assert set(cast.anna.window.errors) == {"deadline"}


async def test_a_reply_to_a_message_becomes_the_text(cast: Cast) -> None:
    quoted = "Ho scritto una guida.\nEccola."
    adapter = cast.anna.adapter
    outcome = await adapter.say(cast.anna.speaker, "/share", chat=cast.anna.speaker.key, replied_text=quoted)
    assert outcome.form is not None
    assert outcome.form.field("body").initial == quoted
    again = await adapter.say(cast.anna.speaker, "/share Titolo mio", chat=cast.anna.speaker.key, replied_text=quoted)
    assert again.form is not None
    assert (again.form.field("body").initial, again.form.field("title").initial) == (quoted, "Titolo mio")
    more = await adapter.say(cast.anna.speaker, "/share", chat=cast.anna.speaker.key, replied_text="Altro.")
    assert more.form is not None
    assert more.form.field("body").initial == f"{quoted}\n\nAltro."
    assert await cast.number(Draft) == 1


# Deciding


async def test_an_approved_post_goes_to_the_channel_and_its_author_is_told(cast_on_both: Cast) -> None:
    cast = cast_on_both
    post = await cast.post()
    await cast.sara.presses("Approva", within=TITLE)
    cast.sara.told("Pubblicato")
    cast.anna.sees("è pubblicato")
    cast.sara.sees("Approvato da Sara Staff")
    seen = cast.mario.sees("Approvato da Sara Staff")
    assert "Approva" not in seen.buttons
    assert cast.mario.count(TITLE) == 1, "the other moderators' copy is edited, not sent again"
    post = await cast.newest()
    assert (post.status, post.decided_by) == (PostStatus.PUBLISHED, cast.sara.id)
    assert post.published_at is not None
    assert await cast.number(AuditEntry, AuditEntry.action == "post.publish", AuditEntry.subject_id == post.id) == 1


async def test_the_second_moderator_sees_who_decided(cast: Cast) -> None:
    post = await cast.published()
    await cast.mario.sends_action(f"post.approve:{post.id}")
    assert "Sara Staff" in cast.mario.toast
    await cast.mario.sends_action(f"post.reject:{post.id}")
    assert "Sara Staff" in cast.mario.toast
    assert cast.mario.window.form is None
    assert await cast.number(AuditEntry) == 1
    assert (await cast.newest()).status is PostStatus.PUBLISHED


async def test_fifty_presses_publish_once(cast_on_both: Cast) -> None:
    cast = cast_on_both
    post = await cast.post()
    await asyncio.gather(
        *((cast.sara if number % 2 else cast.mario)._sends_action(f"post.approve:{post.id}") for number in range(50))
    )
    await cast.community.settle()
    assert await cast.number(AuditEntry) == 1
    assert await cast.number(OutboxMessage, OutboxMessage.kind == "knowhow.approved") == 1
    assert await cast.number(SearchEntry) == 1


async def test_a_rejected_post_comes_back_with_its_reason_and_can_be_sent_again(cast: Cast) -> None:
    post = await cast.post(Argomenti="MDR")
    await cast.mario.presses("Respingi", within=TITLE)
    await cast.mario.fills({"Perché? Lo legge chi l'ha scritto.": "Manca la fonte."})
    cast.mario.sees("Respinto", "Anna Autrice")
    cast.sara.sees("Respinto da Mario Moderatore", "Manca la fonte.")
    seen = cast.anna.sees("non è stato pubblicato", "Manca la fonte.")
    assert await cast.number(SearchEntry) == 0
    assert (await cast.newest()).status is PostStatus.REJECTED
    await cast.anna.presses(seen.buttons[0])
    form = cast.anna.window.form
    assert form is not None
    assert (form.field("title").initial, form.field("body").initial, form.field("topics").initial) == (
        TITLE,
        BODY,
        "MDR",
    )
    await cast.anna.fills({"Testo": BODY + " Fonte: noi."})
    assert await cast.number(Post) == 2
    assert (await cast.newest()).body.endswith("Fonte: noi.")
    await cast.bruno.sends_action(f"post.again:{post.id}")
    assert cast.bruno.window.form is None


async def test_a_half_written_post_is_not_overwritten_by_a_rejected_one(cast: Cast) -> None:
    post = await cast.post()
    await cast.sara.presses("Respingi", within=TITLE)
    await cast.sara.fills({"Perché? Lo legge chi l'ha scritto.": "No."})
    await cast.anna.says("/share")
    await cast.anna.closes({"Titolo": "Un altro"})
    await cast.anna.sends_action(f"post.again:{post.id}")
    cast.anna.told("scritto a metà")
    async with cast.community.app.database.reading() as session:
        (draft,) = (await session.execute(select(Draft))).scalars().all()
    assert draft.values["title"] == "Un altro"


async def test_two_moderators_with_the_reason_form_open_decide_once(cast_on_both: Cast) -> None:
    cast = cast_on_both
    await cast.post()
    await cast.mario.presses("Respingi", within=TITLE)
    await cast.sara.presses("Approva", within=TITLE)
    await cast.mario.fills({"Perché? Lo legge chi l'ha scritto.": "Troppo tardi."})
    cast.mario.sees("L'ha già approvato Sara Staff")
    post = await cast.newest()
    assert (post.status, post.reason) == (PostStatus.PUBLISHED, "")


@pytest.mark.parametrize("who", ["bruno", "guest", "outsider", "anna"])
@pytest.mark.parametrize("verb", ["approve", "reject", "review", "takedown"])
async def test_nobody_else_decides(cast: Cast, who: str, verb: str) -> None:
    post = await cast.post()
    person: WebPerson = getattr(cast, who)
    await person.sends_action(f"post.{verb}:{post.id}")
    assert person.window.form is None
    assert (await cast.newest()).status is PostStatus.PENDING
    assert await cast.number(AuditEntry) == 0


async def test_the_list_of_what_waits(cast: Cast) -> None:
    await cast.sara.says("/review")
    cast.sara.sees("Non c'è niente in attesa")
    await cast.post()
    await cast.sara.says("/menu")
    cast.sara.sees("1 post aspetta la tua revisione")
    await cast.sara.says("/revisione")
    cast.sara.sees("Post da rivedere", TITLE)
    await cast.sara.presses(TITLE)
    await cast.sara.presses("Approva")
    cast.mario.sees("Approvato da Sara Staff")
    await cast.bruno.says("/review")
    cast.bruno.told("solo la segreteria")


# Finding and reading


@pytest.mark.parametrize(
    "words", ["Delegazioni", "delegazione fiere", "/cerca delegazioni", "/find clausola", "RISERVATEZZA!"]
)
async def test_a_post_is_found_by_other_forms_of_its_words(cast: Cast, words: str) -> None:
    await cast.published()
    await cast.bruno.says(words)
    cast.bruno.sees(TITLE, "1 risultato")


async def test_reading_a_post_is_remembered_once(cast: Cast) -> None:
    post = await cast.published(Link="https://example.org/modello", Argomenti="MDR")
    await cast.bruno.says("clausole")
    await cast.bruno.presses(TITLE)
    seen = cast.bruno.sees(
        TITLE, BODY, "Buona pratica", "Anna Autrice, Istituto di Prova", "MDR", "martedì 3 aprile 2018"
    )
    assert "Apri il link" in seen.buttons
    assert "Togli" not in seen.buttons
    await cast.bruno.sends_action(f"post.open:{post.id}")
    assert await cast.number(PostReading, PostReading.person_id == cast.bruno.id) == 1
    links = [b.url for b in cast.bruno._screens[-1][1].buttons if isinstance(b, UrlButton)]
    assert links == ["https://example.org/modello"]


async def test_a_file_is_handed_over(cast: Cast) -> None:
    await cast.anna.says("/share")
    kept = await cast.anna.adapter.uploads.save(b"%PDF-1.4 test", name="modello.pdf", mime="application/pdf")
    form = cast.anna.window.form
    assert form is not None
    file = {
        "platform": "web",
        "account": cast.anna.adapter.account,
        "reference": kept.reference,
        "name": "modello.pdf",
        "mime": "application/pdf",
        "size": 13,
    }
    kind = form.field("kind").options[0].value
    values = {"title": TITLE, "kind": kind, "body": BODY, "readers": "community", "language": "it", "file": file}
    await cast.anna._do(cast.anna._submitted(cast.anna._submission(form, values)))  # type: ignore[arg-type]  # a file's value has numbers too
    post = await cast.newest()
    await cast.mario.presses("Scarica il file", within=TITLE)
    assert cast.mario.last.files == ("modello.pdf",)
    await cast.bruno.sends_action(f"post.file:{post.id}")
    cast.bruno.told("non c'è più")
    await cast.sara.presses("Approva", within=TITLE)
    await cast.bruno.sends_action(f"post.file:{post.id}")
    assert cast.bruno.last.files == ("modello.pdf",)


async def test_pages_and_filters(cast_on_both: Cast) -> None:
    cast = cast_on_both
    for number in range(7):
        await cast.mario.says("/share")
        kind = "Domanda" if number % 2 else "Buona pratica"
        answers = {"Titolo": f"Biobanca numero{number}", "Che tipo di post è?": kind, "Testo": "Campioni."}
        if number == 3:
            answers["Settore"] = "ICT per la salute"
        await cast.mario.fills(answers)
        await cast.community.later(minutes=1)
    await cast.bruno.says("biobanche")
    cast.bruno.sees("«biobanche»: 7 risultati", "numero6")
    await cast.bruno.presses("›")
    cast.bruno.sees("numero1", "numero0")
    await cast.bruno.presses("Tipo")
    await cast.bruno.presses("– Domanda")
    seen = cast.bruno.sees("«biobanche»: 3 risultati", "Solo: Domanda")
    assert "numero0" not in seen.text
    await cast.bruno.presses("Settore")
    await cast.bruno.presses("ICT per la salute")
    cast.bruno.sees("«biobanche»: 1 risultato", "numero3")
    await cast.bruno.presses("Settore: ICT")
    await cast.bruno.presses("Farmaceutica")
    cast.bruno.sees("«biobanche» non c'è ancora niente")
    await cast.bruno.presses("Cerca dappertutto")
    cast.bruno.sees("«biobanche»: 7 risultati")
    await cast.bruno.says("/knowhow")
    cast.bruno.sees("Know-how: 7 post", "numero6")
    await cast.bruno.sends_action("post.find:999:0:0:biobanche")
    cast.bruno.sees("numero0", "«biobanche»: 7 post")
    await cast.bruno.sends_action("post.find:-5:99:99:")
    cast.bruno.sees("Know-how: 7 post", "numero6")


async def test_a_search_in_vain_becomes_a_question(cast: Cast) -> None:
    await cast.bruno.says("chi usa bioreattori monouso?")
    await cast.bruno.presses("Chiedi alla comunità")
    form = cast.bruno.window.form
    assert form is not None
    assert form.field("title").initial == "Chi usa bioreattori monouso?"
    assert form.field("kind").label_of(str(form.field("kind").initial)) == "Domanda"
    await cast.bruno.fills({"Testo": "Cerchiamo esperienze."})
    assert (await cast.newest()).title == "Chi usa bioreattori monouso?"


@pytest.mark.parametrize(
    "words", ['"', "*", "a:b:c", "^()NEAR", "🧬", "x" * 4000, "parola " * 500, "' OR 1=1 --", "/find", "/find \u200b"]
)
async def test_anything_typed_gets_an_answer(cast: Cast, words: str) -> None:
    await cast.published()
    before = len(cast.bruno.messages())
    await cast.bruno.says(words)
    assert len(cast.bruno.messages()) > before
    cast.bruno.sees_nothing_of("Qualcosa è andato storto")


async def test_plain_words_of_others(cast: Cast) -> None:
    await cast.published()
    await cast.guest.says("riservatezza")
    cast.guest.sees("non c'è ancora niente")
    cast.guest.sees_nothing_of(TITLE)
    await cast.guest.sends_action("post.find:0:0:0:riservatezza")
    cast.guest.sees_nothing_of(TITLE)
    await cast.outsider.says("riservatezza")
    cast.outsider.sees_nothing_of(TITLE)


async def test_a_file_out_of_the_blue_is_answered(cast: Cast) -> None:
    await cast.bruno.sends_file("guida.pdf", b"%PDF-1.4", "application/pdf")
    cast.bruno.sees("Se vuoi condividerlo")


# Answering


async def test_an_answer_is_shown_and_its_author_told(cast_on_both: Cast) -> None:
    cast = cast_on_both
    post = await cast.published()
    await cast.bruno.sends_action(f"post.answer:{post.id}")
    await cast.bruno.fills({"La tua risposta": "Grazie, ne aggiungo una quinta."})
    cast.bruno.sees("La tua risposta è sotto il post")
    seen = cast.anna.sees("Bruno Lettore", TITLE, "ne aggiungo una quinta")
    assert "Guardalo" in seen.buttons
    await cast.anna.presses("Guardalo", within="ne aggiungo una quinta")
    cast.anna.sees(BODY, "1 risposta", "ne aggiungo una quinta")
    await cast.anna.sends_action(f"post.answer:{post.id}")
    await cast.anna.fills({"La tua risposta": "Giusto."})
    cast.anna.sees_nothing_of("Anna Autrice, Istituto di Prova ha risposto")
    assert await cast.number(OutboxMessage, OutboxMessage.kind == "knowhow.answered") == 1


async def test_many_answers_have_pages(cast: Cast) -> None:
    post = await cast.published()
    async with cast.community.app.database.writing() as session:
        session.add_all(
            PostAnswer(
                post_id=post.id,
                author_id=cast.bruno.id,
                body=f"Risposta {number:02}.",
                created_at=cast.community.clock.now(),
            )
            for number in range(11)
        )
    await cast.anna.sends_action(f"post.open:{post.id}")
    seen = cast.anna.sees("11 risposte", "Risposta 10.", "Risposta 08.")
    assert "Risposta 07." not in seen.text
    await cast.anna.presses("Tutte le risposte")
    cast.anna.sees("Risposta 03.")
    await cast.anna.presses("›")
    cast.anna.sees("Risposta 02.", "Risposta 00.")


async def test_a_post_that_is_not_published_takes_no_answer(cast: Cast) -> None:
    post = await cast.post()
    await cast.bruno.sends_action(f"post.answer:{post.id}")
    cast.bruno.told("non c'è più")
    await cast.bruno.sends_action("post.answer:99999")
    cast.bruno.told("non c'è più")


# Removing


async def test_an_author_takes_a_post_back(cast_on_both: Cast) -> None:
    cast = cast_on_both
    post = await cast.published()
    await cast.anna.says("/mieipost")
    cast.anna.sees("I miei post", TITLE, "pubblicato")
    await cast.anna.presses(TITLE)
    await cast.anna.presses("Togli")
    cast.anna.sees("Sparisce dagli elenchi")
    await cast.anna.presses("Sì, rimuovilo")
    cast.anna.sees("Rimosso")
    await cast.anna.sends_action(f"post.drop:{post.id}")
    cast.anna.sees("Rimosso")
    assert (await cast.newest()).status is PostStatus.REMOVED
    assert await cast.number(SearchEntry) == 0
    await cast.bruno.says("riservatezza")
    cast.bruno.sees("non c'è ancora niente")
    await cast.bruno.sends_action(f"post.open:{post.id}")
    cast.bruno.told("non c'è più")


async def test_a_waiting_post_taken_back_leaves_the_moderators(cast: Cast) -> None:
    post = await cast.post()
    await cast.anna.sends_action(f"post.drop:{post.id}")
    seen = cast.sara.sees("Ritirato da chi l'ha scritto")
    assert "Approva" not in seen.buttons
    await cast.mario.sends_action(f"post.approve:{post.id}")
    assert "rimosso" in cast.mario.toast
    assert (await cast.newest()).status is PostStatus.REMOVED


async def test_the_staff_remove_a_post_and_say_why(cast_on_both: Cast) -> None:
    cast = cast_on_both
    post = await cast.published()
    await cast.mario.sends_action(f"post.open:{post.id}")
    await cast.mario.presses("Togli")
    await cast.mario.fills({"Perché? Lo legge chi l'ha scritto.": "Contiene dati personali."})
    cast.anna.sees("ha rimosso", "Contiene dati personali.")
    assert (await cast.newest()).status is PostStatus.REMOVED
    assert await cast.number(AuditEntry, AuditEntry.action == "post.remove", AuditEntry.reason != "") == 1
    await cast.sara.sends_action(f"post.takedown:{post.id}")
    cast.sara.told("già stato rimosso")


@pytest.mark.parametrize("who", ["bruno", "sara", "guest", "outsider"])
async def test_nobody_takes_back_the_post_of_another(cast: Cast, who: str) -> None:
    post = await cast.published()
    await getattr(cast, who).sends_action(f"post.drop:{post.id}")
    await getattr(cast, who).sends_action(f"post.remove:{post.id}")
    assert (await cast.newest()).status is PostStatus.PUBLISHED


# On every platform


async def test_from_form_to_channel_to_search_on_every_platform(community: CommunityUnderTest) -> None:
    anna = await community.member("Anna Autrice")
    bruno = await community.member("Bruno Lettore", locale=Locale.ENGLISH)
    sara = await community.member("Sara Staff", roles=(Role.STAFF,))
    mario = await community.member("Mario Moderatore", roles=(Role.MODERATOR,))

    await anna.says("/share")
    await anna.fills({"Titolo": TITLE, "Che tipo di post è?": "Buona pratica", "Testo": BODY})
    anna.sees("arrivato in segreteria")
    mario.sees("Da rivedere", TITLE)
    await sara.presses("Approva", within=TITLE)
    anna.sees("è pubblicato")
    mario.sees("Approvato da Sara Staff")
    if community.platform is not Platform.WEB:
        assert any(TITLE in text for text in community.channel_texts())

    await bruno.says("delegazioni")
    bruno.sees(TITLE)
    await bruno.presses(TITLE)
    bruno.sees(BODY, "Best practice")
    await bruno.presses("Answer", within=BODY)
    await bruno.fills({"Your answer": "Thank you!"})
    anna.sees("Bruno Lettore", "Thank you!")
    if community.platform is not Platform.WEB:
        assert any("Risposte: 1" in text for text in community.channel_texts()), "the card in the channel follows"

    if community.platform is not Platform.WEB:
        before = len(bruno.messages())
        await bruno.presses_in_channel("Leggi tutto", within=TITLE)
        assert len(bruno.messages()) == before + 1, "what everybody reads is not redrawn for one person"
        assert BODY in bruno.last.text

    await anna.sends_action("post.drop:1")
    if community.platform is not Platform.WEB:
        texts = community.channel_texts()
        assert any("Questo post è stato rimosso." in text for text in texts)
        assert not any(TITLE in text for text in texts)
    async with community.app.database.reading() as session:
        copies = await session.execute(select(func.count()).select_from(CardCopy).where(CardCopy.card == "review:1"))
        assert copies.scalar_one() == 2
