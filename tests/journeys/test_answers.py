"""Answers, what solved a question, useful votes, saved posts, reminders and reports, on every platform."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from storage.enums import Locale, PersonStatus, Platform, PostStatus, Role, SubjectKind
from storage.models import (
    AuditEntry,
    ContentReport,
    Person,
    Post,
    PostAnswer,
    PostKind,
    PostOutcome,
    PostReminder,
    PostVote,
    SearchEntry,
)
from storage.queries.search_index import index_all
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver
from tests.journeys.test_my_data import erases

TITLE = "Bioreattore da due litri"


async def question(community: CommunityUnderTest, author: PersonDriver, title: str = TITLE) -> int:
    """A published question."""
    now = community.clock.now()
    async with community.app.database.writing() as session:
        kind = (await session.execute(select(PostKind.id).where(PostKind.key == "question"))).scalar_one()
        post = Post(
            author_id=author.id, kind_id=kind, title=title, body="Chi lo presta?", language=Locale.ITALIAN,
            status=PostStatus.PUBLISHED, created_at=now, published_at=now,
        )  # fmt: skip
        session.add(post)
        await session.flush()
        await index_all(session)
        return post.id


async def answers(person: PersonDriver, post: int, body: str) -> int:
    """Answer a post; the answer's number."""
    await person.sends_action(f"post.answer:{post}")
    await person.fills({person.t("Your answer"): body})
    async with person.community.app.database.reading() as session:
        return (await session.execute(select(func.max(PostAnswer.id)))).scalar_one()


async def useful_of(community: CommunityUnderTest, kind: SubjectKind, subject: int) -> int:
    """What the search thinks of it."""
    async with community.app.database.reading() as session:
        wanted = select(SearchEntry.useful).where(SearchEntry.kind == kind, SearchEntry.subject_id == subject)
        return (await session.execute(wanted)).scalar_one()


def day(community: CommunityUnderTest, number: int) -> str:
    """A day of April 2018 as a form on that platform takes it."""
    match community.platform:
        case Platform.TELEGRAM:
            return f"{number} aprile 2018"
        case Platform.SLACK:
            return f"2018-04-{number:02}"
        case Platform.WEB:
            return f"2018-04-{number:02}T00:00"


async def test_whoever_asked_marks_the_solution_and_takes_it_back(community: CommunityUnderTest) -> None:
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    james = await community.member("James Smith", locale=Locale.ENGLISH)
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    post = await question(community, sara)
    first = await answers(marco, post, "Il nostro è libero a maggio.")
    second = await answers(james, post, "Ask the university.")

    for nosy in (marco, james, outsider):
        await nosy.sends_action(f"solved.by:{first}")
        await nosy.sends_action(f"solved.close:{post}")
    async with community.app.database.reading() as session:
        assert await session.get(PostOutcome, post) is None
    james.told("Only who asked can say what solved it.")

    await sara.sends_action(f"post.open:{post}")
    seen = sara.sees("2 risposte", "libero a maggio")
    assert seen.text.index("Ask the university.") < seen.text.index("libero a maggio")
    await sara.presses("Risposta 2")
    await sara.presses("Ha risolto questa")
    seen = sara.sees("✓ Risolto", "la soluzione")
    assert seen.text.index("libero a maggio") < seen.text.index("Ask the university."), "the solution comes first"
    marco.sees("La tua risposta ha risolto «Bioreattore da due litri»", "Sara Bonavita")
    await sara.sends_action(f"solved.by:{first}")
    assert marco.count("La tua risposta ha risolto") == 1

    await james.says("/knowhow")
    james.sees(TITLE, "✓ Solved")
    await james.says("/search bioreattore")
    james.sees(TITLE, "✓ Solved")

    await sara.sends_action(f"solved.by:{second}")
    james.sees("Your answer solved")
    await sara.sends_action(f"solved.undo:{post}")
    assert "✓ Risolto" not in sara.last.text
    await sara.sends_action(f"solved.close:{post}")
    sara.sees("Chiuso da chi ha chiesto")
    await sara.presses("Riapri")
    assert "Chiuso" not in sara.last.text


async def test_ones_own_answer_is_edited_deleted_and_found(community: CommunityUnderTest) -> None:
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    guest = await community.member("Guido Ospite", status=PersonStatus.GUEST)
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    post = await question(community, sara)
    answer = await answers(marco, post, "Serve uno zangolatore.")
    await sara.says("zangolatori")
    sara.sees(TITLE, "Risposta, Marco Colombani")
    await sara.presses(TITLE)
    sara.sees("Una risposta a «Bioreattore da due litri»", "Serve uno zangolatore.")
    for nosy in (guest, outsider):
        await nosy.says("zangolatori")
        nosy.sees_nothing_of("Serve uno")
        await nosy.sends_action(f"answer.open:{answer}")
        nosy.sees_nothing_of("Serve uno")
    await sara.sends_action(f"answer.edit:{answer}")
    sara.told("Una risposta la cambia solo chi l'ha scritta.")
    await sara.sends_action(f"answer.drop:{answer}")
    sara.told("Una risposta la cambia solo chi l'ha scritta.")

    await marco.sends_action(f"answer.open:{answer}")
    await marco.presses("Modifica")
    await marco.fills({"La tua risposta": "Serve una centrifuga."})
    marco.sees("Serve una centrifuga.", "modificata")
    await sara.says("zangolatori")
    sara.sees_nothing_of("Risposta, Marco Colombani, 3 apr · zang")
    await sara.says("centrifughe")
    sara.sees(TITLE, "Serve una centrifuga")

    await sara.sends_action(f"solved.by:{answer}")
    await marco.sends_action(f"answer.delete:{answer}")
    marco.sees("Elimino la tua risposta")
    await marco.presses("Sì, elimina")
    marco.sees("La tua risposta non c'è più.")
    await marco.sends_action(f"answer.drop:{answer}")
    marco.told("Questa risposta non c'è più.")
    async with community.app.database.reading() as session:
        assert await session.get(PostOutcome, post) is None, "what it solved is open again"
        entries = select(func.count()).select_from(SearchEntry).where(SearchEntry.kind == SubjectKind.ANSWER)
        assert (await session.execute(entries)).scalar_one() == 0


async def test_an_answer_is_found_no_longer_than_its_post(community: CommunityUnderTest) -> None:
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    post = await question(community, sara)
    await answers(marco, post, "Serve uno zangolatore.")
    await sara.sends_action(f"post.drop:{post}")
    await marco.says("zangolatore")
    assert TITLE not in marco.last.text
    async with community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(SearchEntry))).scalar_one() == 0


async def test_useful_is_one_vote_each_and_feeds_the_search(community: CommunityUnderTest) -> None:
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    anna = await community.member("Anna Rossi")
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    post = await question(community, sara)
    answer = await answers(marco, post, "Il nostro è libero.")
    assert await useful_of(community, SubjectKind.POST, post) == 1, "who answers was moved to help"

    await sara.sends_action(f"post.useful:{post}:1")
    sara.told("È tuo: se è utile lo dicono gli altri.")
    await marco.sends_action(f"answer.useful:{answer}:1")
    marco.told("È tuo: se è utile lo dicono gli altri.")
    await outsider.sends_action(f"post.useful:{post}:1")
    async with community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(PostVote))).scalar_one() == 0

    await anna.sends_action(f"post.open:{post}")
    await anna.presses("Utile")
    assert any("✓ Utile · 1" in label for one in anna.messages() for label in one.buttons)
    await anna.sends_action(f"post.useful:{post}:1")
    await marco.sends_action(f"post.useful:{post}:1")
    assert await useful_of(community, SubjectKind.POST, post) == 2
    await anna.presses("✓ Utile")
    assert await useful_of(community, SubjectKind.POST, post) == 1
    await anna.sends_action(f"answer.open:{answer}")
    await anna.presses("Utile")
    assert await useful_of(community, SubjectKind.ANSWER, answer) == 1
    await sara.sends_action(f"post.open:{post}")
    sara.sees("👍 1", "Il nostro è libero.")


async def test_saved_posts_are_found_again(community: CommunityUnderTest) -> None:
    sara = await community.member("Sara Bonavita")
    anna = await community.member("Anna Rossi")
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    posts = [await question(community, sara, f"Domanda numero {number}") for number in range(1, 8)]
    await anna.says("/salvati")
    anna.sees("Ancora niente")
    for post in posts:
        await anna.sends_action(f"post.save:{post}:1")
    await anna.says("/saved")
    anna.sees("Post salvati", "Domanda numero 7", "Domanda numero 3")
    await anna.presses("›")
    anna.sees("Domanda numero 2", "Domanda numero 1")
    await anna.presses("Domanda numero 1")
    await anna.presses("✓ Salvato")
    await sara.sends_action(f"post.drop:{posts[6]}")
    await anna.says("/salvati")
    seen = anna.last.text
    assert "Domanda numero 6" in seen
    assert "Domanda numero 7" not in seen, "what was removed is not listed"
    assert "Domanda numero 1" not in seen
    await outsider.says("/saved")
    outsider.sees_nothing_of("Domanda numero")


async def test_reminded_at_nine_on_ones_own_clock(community: CommunityUnderTest) -> None:
    sara = await community.member("Sara Bonavita")
    anna = await community.member("Anna Rossi")
    james = await community.member("James Smith", locale=Locale.ENGLISH)
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    async with community.app.database.writing() as session:
        await session.execute(update(Person).where(Person.id == james.id).values(timezone="America/New_York"))
    post, other = await question(community, sara), await question(community, sara, "Centrifuga in prestito")
    await outsider.sends_action(f"post.remind:{post}:1")

    await anna.sends_action(f"post.open:{post}")
    await anna.presses("Ricordamelo")
    await anna.presses("Domani")
    anna.sees("Ti ricordo «Bioreattore da due litri» mercoledì 4 aprile alle 9")
    await james.sends_action(f"post.remind:{post}:1")
    await anna.sends_action(f"post.day:{other}")
    await anna.fills({"In che giorno?": day(community, 3)})
    assert anna.errors, "today is too late"
    await anna.fills({"In che giorno?": day(community, 10)})
    anna.sees("martedì 10 aprile alle 9")
    await anna.says("/promemoria")
    anna.sees("Promemoria", TITLE, "Centrifuga in prestito")
    await anna.presses("Annulla: Centrifuga")
    assert "Centrifuga in prestito" not in anna.last.text
    async with community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(PostReminder))).scalar_one() == 2

    await community.later(hours=23, minutes=30)
    anna.sees_nothing_of("Me l'avevi chiesto")
    await community.later(minutes=40)
    assert community.clock.now().astimezone(ZoneInfo("Europe/Rome")) > datetime(
        2018, 4, 4, 9, tzinfo=ZoneInfo("Europe/Rome")
    )
    anna.sees("Me l'avevi chiesto: «Bioreattore da due litri»")
    james.sees_nothing_of("You wanted to be reminded")
    await community.later(hours=6)
    james.sees("You wanted to be reminded: “Bioreattore da due litri”")
    await community.later(hours=30)
    assert anna.count("Me l'avevi chiesto") == 1
    assert james.count("You wanted to be reminded") == 1


async def test_asked_once_after_a_week_whether_it_helped(community: CommunityUnderTest) -> None:
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    post, other = await question(community, sara), await question(community, sara, "Centrifuga in prestito")
    await question(community, sara, "Senza risposte")
    answer = await answers(marco, post, "Il nostro è libero.")
    await answers(sara, other, "Mi rispondo da sola.")
    await community.later(hours=24 * 6)
    sara.sees_nothing_of("È servito?")
    await community.later(hours=25)
    sara.sees("È servito? «Bioreattore da due litri»", "Il nostro è libero.")
    sara.sees_nothing_of("È servito? «Centrifuga")
    sara.sees_nothing_of("È servito? «Senza")
    await marco.sends_action(f"solved.later:{post}")
    marco.told("Che cosa ha risolto lo dice solo chi ha chiesto.")
    await sara.presses("Non ancora", within="È servito?")
    sara.sees("resta aperta")
    await community.later(hours=24 * 8)
    assert sara.count("È servito?") <= 1
    await sara.sends_action(f"solved.by:{answer}")
    sara.sees("✓ Risolto")


async def test_reports_reach_the_staff_and_the_reporter_hears_the_outcome(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.MODERATOR,))
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    anna = await community.member("Anna Rossi")
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    post = await question(community, sara)
    answer = await answers(marco, post, "Chiamate il 555 1234.")
    await marco.sends_action(f"answer.report:{answer}")
    marco.told("È tuo")
    await outsider.sends_action(f"answer.report:{answer}")
    await anna.sends_action(f"answer.open:{answer}")
    await anna.presses("Segnala")
    await anna.fills({"Che cosa non va?": "È il numero di un paziente."})
    anna.sees("Nessun altro saprà che sei stato tu.")
    await anna.sends_action(f"answer.report:{answer}")
    anna.told("L'hai già segnalato.")
    giulia.sees("Segnalata: una risposta a «Bioreattore da due litri»", "Anna Rossi", "È il numero di un paziente.")
    marco.sees_nothing_of("paziente")

    async with community.app.database.reading() as session:
        report = (await session.execute(select(ContentReport.id))).scalar_one()
    for nosy in (sara, marco, anna, outsider):
        for verb in ("look", "dismiss", "remove"):
            await nosy.sends_action(f"reported.{verb}:{report}")
        nosy.sees_nothing_of("Chi segnala")
    await giulia.says("/inbox")
    giulia.sees("Segnalata: una risposta a «Bioreattore da due litri»")
    await giulia.presses("Vedi il n. 1")
    await giulia.presses("Apri e decidi")
    await giulia.presses("Rimuovi")
    await giulia.fills({"Perché? Lo legge chi l'ha scritto.": "Niente numeri di telefono."})
    marco.sees("La segreteria ha rimosso la tua risposta", "Niente numeri di telefono.")
    marco.sees_nothing_of("Anna Rossi")
    marco.sees_nothing_of("paziente")
    anna.sees("La segreteria ha guardato quello che hai segnalato e l'ha rimosso.")
    async with community.app.database.reading() as session:
        assert await session.get(PostAnswer, answer) is None
        log = select(AuditEntry.action).where(AuditEntry.subject_kind == SubjectKind.ANSWER)
        assert (await session.execute(log)).scalars().all() == ["answer.remove"]
    await giulia.says("/inbox")
    giulia.sees("Qui non aspetta nulla")

    await anna.sends_action(f"post.report:{post}")
    await anna.fills({"Che cosa non va?": "Non mi piace."})
    await giulia.presses("Può restare", within="Non mi piace.")
    anna.sees("l'ha lasciato com'è")
    sara.sees_nothing_of("Non mi piace")
    await anna.sends_action(f"post.report:{post}")
    anna.told("L'hai già segnalato.")

    await marco.sends_action(f"post.report:{post}")
    await marco.fills({"Che cosa non va?": "È pubblicità."})
    await giulia.presses("Rimuovi", within="È pubblicità.")
    await giulia.fills({"Perché? Lo legge chi l'ha scritto.": "È pubblicità."})
    sara.sees("La segreteria ha rimosso", "È pubblicità.")
    sara.sees_nothing_of("Marco Colombani lo segnala")
    marco.sees("l'ha rimosso")


async def test_the_card_in_the_channel_says_solved(community: CommunityUnderTest) -> None:
    if community.platform is Platform.WEB:
        return
    giulia = await community.member("Giulia Ferrandi", roles=(Role.OWNER,))
    marco = await community.member("Marco Colombani")
    await giulia.says("/condividi")
    await giulia.fills({"Titolo": TITLE, "Che tipo di post è?": "Domanda", "Testo": "Chi lo presta?"})
    async with community.app.database.reading() as session:
        post = (await session.execute(select(Post.id))).scalar_one()
    answer = await answers(marco, post, "Il nostro è libero.")
    assert "✓ Risolto" not in community.channel_texts()[0]
    await giulia.sends_action(f"solved.by:{answer}")
    assert "✓ Risolto" in community.channel_texts()[0]


async def test_fifty_taps_at_once_are_one_vote_each(web_community: CommunityUnderTest) -> None:
    community = web_community
    sara = await community.member("Sara Bonavita")
    crowd = await community.crowd(10)
    post = await question(community, sara)
    await community.at_once(*(one.slips_in(f"post.useful:{post}:1") for one in crowd for _ in range(5)))
    async with community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(PostVote))).scalar_one() == 10
    assert await useful_of(community, SubjectKind.POST, post) == 10


async def test_deleted_while_others_vote(web_community: CommunityUnderTest) -> None:
    community = web_community
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    crowd = await community.crowd(5)
    post = await question(community, sara)
    answer = await answers(marco, post, "Il nostro è libero.")
    acts = [one.slips_in(f"answer.useful:{answer}:1") for one in crowd]
    await community.at_once(
        *acts[:3],
        marco.slips_in(f"answer.drop:{answer}"),
        marco.slips_in(f"answer.drop:{answer}"),
        sara.slips_in(f"solved.by:{answer}"),
        *acts[3:],
    )
    async with community.app.database.reading() as session:
        assert await session.get(PostAnswer, answer) is None
        assert await session.get(PostOutcome, post) is None
        entries = select(func.count()).select_from(SearchEntry).where(SearchEntry.kind == SubjectKind.ANSWER)
        assert (await session.execute(entries)).scalar_one() == 0
    for one in (*crowd, marco, sara):
        assert "Qualcosa è andato storto" not in one.toast


async def test_all_of_it_on_each_database(web_community: CommunityUnderTest) -> None:
    """Found, voted, solved, saved, reminded, asked, reported, removed."""
    community = web_community
    giulia = await community.member("Giulia Ferrandi", roles=(Role.MODERATOR,))
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    post, other = await question(community, sara), await question(community, sara, "Centrifuga in prestito")
    answer = await answers(marco, post, "Serve uno zangolatore.")
    await answers(marco, other, "Il nostro è libero.")
    await sara.says("zangolatori")
    sara.sees(TITLE, "Risposta, Marco Colombani")
    await sara.sends_action(f"answer.useful:{answer}:1")
    await sara.sends_action(f"solved.by:{answer}")
    await marco.sends_action(f"post.save:{post}:1")
    await marco.says("/salvati")
    marco.sees(TITLE, "✓ Risolto")
    await marco.sends_action(f"post.remind:{post}:1")
    await community.later(hours=26)
    assert marco.count("Me l'avevi chiesto") == 1
    await community.later(days=7)
    assert sara.count("È servito? «Centrifuga") == 1
    sara.sees_nothing_of("È servito? «Bioreattore")
    await community.later(days=2)
    assert sara.count("È servito? «Centrifuga") == 1
    await sara.sends_action(f"answer.report:{answer}")
    await sara.fills({"Che cosa non va?": "Troppo breve."})
    await giulia.presses("Rimuovi", within="Troppo breve.")
    await giulia.fills({"Perché? Lo legge chi l'ha scritto.": "Scrivine di più."})
    marco.sees("La segreteria ha rimosso la tua risposta", "Scrivine di più.")
    await sara.sends_action(f"post.open:{post}")
    assert "✓ Risolto" not in sara.last.text, "it went with the answer"


async def test_who_is_erased_stands_in_nothing_that_was_told(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.MODERATOR,))
    sara = await community.member("Zenobia Quarzofumè")
    marco = await community.member("Marco Colombani")
    anna = await community.member("Anna Rossi")
    post = await question(community, sara, "Richiesta-pentagrammata")
    answer = await answers(marco, post, "Il nostro è libero.")
    other = await answers(sara, post, "corpo-mirtilloso")
    await sara.sends_action(f"solved.by:{answer}")
    await anna.sends_action(f"answer.report:{answer}")
    await anna.fills({"Che cosa non va?": "Troppo breve."})
    await anna.sends_action(f"post.remind:{post}:1")
    await anna.sends_action(f"answer.open:{other}")
    await community.later(hours=25)
    await giulia.presses("Può restare", within="Troppo breve.")
    anna.sees("Richiesta-pentagrammata", "l'ha lasciato com'è")
    marco.sees("Zenobia Quarzofumè")
    await erases(sara, sara.t("Erase me and my posts"))
    await community.later(minutes=2)
    for one in (giulia, marco, anna):
        for words in ("Zenobia", "Richiesta-pentagrammata", "corpo-mirtilloso"):
            one.sees_nothing_of(words)
