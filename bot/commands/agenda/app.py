"""The commands ``community-bot agenda …``. They read no settings and open no store.

Exit codes: 0 done; 1 not possible, not decided in time, or rules broken (what is wrong is on the standard output or
error); 2 nothing was done: input that cannot be used, an option, a library that is not installed.
"""

import json
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from storage.enums import Locale

if TYPE_CHECKING:
    from bot.commands.agenda.files import Loaded, Survey
    from handlers.meetings.agenda.agenda import Agenda

NOT_POSSIBLE, UNUSABLE = 1, 2
"""Exit codes."""

agenda_app = typer.Typer(
    help="The agenda of a B2B fair: planned with proofs, re-planned, checked, explained. Needs no settings.",
    no_args_is_help=True,
)

ProblemArgument = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", help="A .json, .xlsx or .dzn file, or a folder with people.csv, requests.csv and slots.csv."
    ),
]
AgendaOption = Annotated[Path, typer.Option("--agenda", help="The agenda, as `agenda plan --json` gives it.")]
ZoneOption = Annotated[str, typer.Option("--timezone", help="Of times in sheets that name no offset.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
PublishedOption = Annotated[
    bool, typer.Option("--published", help="A .dzn file as exactly the published problem: every meeting held.")
]
FairnessOption = Annotated[
    int | None,
    typer.Option(
        min=0,
        help="The most by which two people's breaks may differ; 2 with --published.",
        show_default=False,
    ),
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write the agenda to this .json or .xlsx file as well.")
]
PictureOption = Annotated[Path | None, typer.Option(help="Draw tables and slots into this .png or .svg file.")]
PdfOption = Annotated[
    Path | None,
    typer.Option(help="Pages to print, one for each person and table: a .pdf file, or a folder for one of each."),
]
LangOption = Annotated[Locale, typer.Option(help="The language of picture and pages.")]


@agenda_app.command()
def plan(
    file: ProblemArgument,
    *,
    time_limit: Annotated[float, typer.Option(min=0.1, help="Seconds; the best found by then is the answer.")] = 60.0,
    as_json: JsonOption = False,
    published: PublishedOption = False,
    fairness: FairnessOption = None,
    output: OutputOption = None,
    picture: PictureOption = None,
    pdf: PdfOption = None,
    lang: LangOption = Locale.ITALIAN,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what the file holds and what is wrong.")] = False,
    timezone: ZoneOption = "Europe/Rome",
) -> None:
    """Plan: as many meetings as can be held, then the fewest breaks, with proofs. Ctrl-C gives the best so far."""
    zone = _zone(timezone)
    with _refusals("Nothing was planned."):
        from bot.commands.agenda import files
        from handlers.meetings.agenda.worker import plan_in_worker

        if dry_run:
            _tell_survey(files.survey_problem_file(file, zone=zone))
            return
        files.check_outputs(output, picture, pdf)
        loaded = files.read_problem_file(file, zone=zone, published=published, fairness=fairness)
        agenda = _work(partial(plan_in_worker, loaded.problem, seconds=time_limit), seconds=time_limit)
        _answer(loaded, agenda, as_json=as_json, output=output, picture=picture, pdf=pdf, lang=lang)


@agenda_app.command()
def replan(
    file: ProblemArgument,
    *,
    agenda: AgendaOption,
    change: Annotated[Path, typer.Option(help="What has changed, a .json file.")],
    now: Annotated[
        datetime | None,
        typer.Option(help="Meetings that began before this stay as they are.", formats=["%Y-%m-%dT%H:%M"]),
    ] = None,
    time_limit: Annotated[float, typer.Option(min=0.1, help="Seconds; the best found by then is the answer.")] = 2.0,
    as_json: JsonOption = False,
    published: PublishedOption = False,
    fairness: FairnessOption = None,
    output: OutputOption = None,
    picture: PictureOption = None,
    pdf: PdfOption = None,
    lang: LangOption = Locale.ITALIAN,
    timezone: ZoneOption = "Europe/Rome",
) -> None:
    """Plan again after a change: hold as many as possible and move as few agreed meetings as possible."""
    zone = _zone(timezone)
    with _refusals("Nothing was planned."):
        from dataclasses import replace

        from bot.commands.agenda import files
        from handlers.meetings.agenda.changing import changed
        from handlers.meetings.agenda.worker import replan_in_worker

        files.check_outputs(output, picture, pdf)
        loaded = files.read_problem_file(file, zone=zone, published=published, fairness=fairness)
        before = files.known_ids(files.read_agenda_file(agenda), loaded.problem, source=agenda.name)
        changes = files.read_changes_file(change)
        moment = None if now is None else now.replace(tzinfo=zone)
        # Before the planner sees them, so that changes that make no sense are refused at once.
        changed_problem = changed(loaded.problem, changes, now=moment)
        after = _work(
            partial(replan_in_worker, loaded.problem, before, changes, now=moment, seconds=time_limit),
            seconds=time_limit,
        )
        loaded = replace(loaded, problem=changed_problem)
        _answer(
            loaded,
            after,
            as_json=as_json,
            output=output,
            picture=picture,
            pdf=pdf,
            lang=lang,
            before=before,
            now=moment,
        )


@agenda_app.command()
def check(
    file: ProblemArgument,
    *,
    agenda: AgendaOption,
    as_json: JsonOption = False,
    published: PublishedOption = False,
    fairness: FairnessOption = None,
    timezone: ZoneOption = "Europe/Rome",
) -> None:
    """Say whether an agenda keeps every rule, with code that the planner does not share; 1 when it does not."""
    zone = _zone(timezone)
    with _refusals("Nothing was checked."):
        from bot.commands.agenda import files
        from handlers.meetings.agenda.checker import check as violations_of

        loaded = files.read_problem_file(file, zone=zone, published=published, fairness=fairness)
        violations = violations_of(loaded.problem, files.read_agenda_file(agenda))
    if as_json:
        import dataclasses

        typer.echo(json.dumps([dataclasses.asdict(one) for one in violations], indent=2, ensure_ascii=False))
    else:
        for violation in violations:
            typer.echo(f"{violation.rule}: {violation}")
        typer.echo(f"{len(violations)} broken" if violations else "Every rule is kept.")
    if violations:
        raise typer.Exit(NOT_POSSIBLE)


@agenda_app.command()
def explain(
    file: ProblemArgument,
    *,
    agenda: AgendaOption,
    request: Annotated[str, typer.Option(help="The id of the request.")],
    as_json: JsonOption = False,
    published: PublishedOption = False,
    fairness: FairnessOption = None,
    lang: Annotated[Locale, typer.Option(help="The language of the reason.")] = Locale.ENGLISH,
    timezone: ZoneOption = "Europe/Rome",
) -> None:
    """Say why a request is not held, and the smallest opening that would let it in."""
    zone = _zone(timezone)
    with _refusals("Nothing was explained."):
        from bot.commands.agenda import files
        from handlers.sheets.faults import InputError, InputFault

        loaded = files.read_problem_file(file, zone=zone, published=published, fairness=fairness)
        planned = files.known_ids(files.read_agenda_file(agenda), loaded.problem, source=agenda.name)
        if all(one.id != request for one in loaded.problem.requests):
            raise InputError([InputFault(what=f"there is no request {request!r}", source=file.name)])
        _explain(loaded, planned, request, as_json=as_json, lang=lang)


@agenda_app.command()
def convert(
    file: ProblemArgument,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="The .json, .xlsx or .dzn file to write.")],
    timezone: ZoneOption = "Europe/Rome",
) -> None:
    """Write a problem in another form: a fair's sheets as JSON, or JSON as a workbook to fill in."""
    zone = _zone(timezone)
    with _refusals("Nothing was written."):
        from bot.commands.agenda import files

        files.check_folder(output)
        loaded = files.read_problem_file(file, zone=zone, published=False, fairness=None)
        files.write_problem_file(loaded, output, zone=zone)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        _refuse([f"--timezone: there is no time zone {name!r}; write Europe/Rome or Asia/Jerusalem"])


def _refuse(lines: list[str]) -> NoReturn:
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(UNUSABLE)


@contextmanager
def _refusals(consequence: str) -> Iterator[None]:
    """Name what is wrong with the input, line by line, and end with what therefore did not happen."""
    from handlers.meetings.agenda.problem import FaultyProblemError
    from handlers.sheets.faults import InputError, MissingExtra

    try:
        yield
    except (InputError, FaultyProblemError) as error:
        _refuse([*(str(fault) for fault in error.faults), consequence])
    except MissingExtra as error:
        _refuse([str(error), consequence])


def _work(start: Callable[..., Coroutine[Any, Any, "Agenda"]], *, seconds: float) -> "Agenda":
    """Have the worker process do it, and show how far it is."""
    from bot.commands.agenda.watching import watch
    from handlers.meetings.agenda.worker import WorkerDiedError

    try:
        return watch(lambda on_progress, stop: start(on_progress=on_progress, stop=stop), seconds=seconds)
    except WorkerDiedError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(NOT_POSSIBLE) from None


def _tell_survey(survey: "Survey") -> None:
    for name, count in survey.counts.items():
        typer.echo(f"{name}: {count}")
    if survey.declined:
        typer.echo(f"declined, left out: {', '.join(survey.declined)}")
    for ignored in survey.ignored:
        typer.echo(f"not read: {ignored}")
    if survey.faults:
        _refuse([str(fault) for fault in survey.faults])
    typer.echo("Nothing is wrong.")


def _answer(
    loaded: "Loaded",
    agenda: "Agenda",
    *,
    as_json: bool,
    output: Path | None,
    picture: Path | None,
    pdf: Path | None,
    lang: Locale,
    before: "Agenda | None" = None,
    now: datetime | None = None,
) -> None:
    """Check, then write and print. What breaks a rule is shown to nobody."""
    from bot.commands.agenda import files, printed
    from handlers.meetings.agenda.agenda import Status
    from handlers.meetings.agenda.checker import check as violations_of

    possible = agenda.status in (Status.OPTIMAL, Status.FEASIBLE)
    violations = violations_of(loaded.problem, agenda, before=before, now=now)
    if violations:
        typer.echo("The planner broke a rule; its agenda is not shown:", err=True)
        for violation in violations:
            typer.echo(f"{violation.rule}: {violation}", err=True)
        raise typer.Exit(NOT_POSSIBLE)
    if output is not None:
        files.write_agenda_file(loaded, agenda, output)
    if picture is not None and possible:
        printed.write_picture(loaded.problem, agenda, picture, lang)
    if pdf is not None and possible:
        printed.write_pages(loaded.problem, agenda, pdf, lang)
    if as_json:
        from handlers.meetings.agenda.json_agenda import write_agenda

        sys.stdout.write(write_agenda(agenda, numbered=loaded.numbered))
    else:
        from bot.commands.agenda.words import Words

        for line in Words(loaded.problem).agenda(agenda):
            typer.echo(line)
    if not possible:
        raise typer.Exit(NOT_POSSIBLE)


def _explain(loaded: "Loaded", planned: "Agenda", request: str, *, as_json: bool, lang: Locale) -> None:
    from bot.commands.agenda.words import Words
    from handlers.meetings.agenda.explain import explain as reason_for

    meeting = next((one for one in planned.meetings if one.id == request), None)
    reason = None if meeting else reason_for(loaded.problem, planned, request)
    words = Words(loaded.problem)
    if as_json:
        from handlers.meetings.agenda.json_agenda import explanation_values

        values = explanation_values(request, meeting, reason, numbered=loaded.numbered)
        typer.echo(json.dumps(values, indent=2, ensure_ascii=False))
    elif meeting:
        typer.echo(f"{words.request(request)} is held: {words.slot(meeting.slot)}, table {meeting.table}.")
    elif reason:
        from handlers.conversation.texts import texts_for
        from handlers.meetings.agenda.explaining import Explaining

        typer.echo(f"{words.request(request)} is not held.")
        for line in Explaining(loaded.problem, texts_for(lang)).sentences(request, reason):
            typer.echo(line)
