"""The demo's clock in the page's header."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from nicegui import ui
from nicegui.events import GenericEventArguments

from bot.platforms.webchat.elements import Node, icon
from bot.platforms.webchat.people import DemoClock
from handlers.conversation.texts import Texts

REFRESH_SECONDS = 1.0


class ClockBar:
    """Shows the time and moves it."""

    def __init__(
        self,
        clock: DemoClock,
        *,
        t: Texts,
        zone: ZoneInfo,
        milestones: Sequence[datetime],
        complain: Callable[[str], None],
    ) -> None:
        self._clock = clock
        self.t = t
        self._zone = zone
        self._milestones = milestones
        self._complain = complain
        self._busy = False

    def draw(self) -> None:
        """Draw it into the element that is open."""
        t = self.t
        named = {"role": "group", "aria-label": t("The demo’s clock"), "data-clock": ""}
        with Node("div", "clock", attributes=named) as self._bar:
            toggle = Node(
                "button", "clock-face", attributes={"type": "button", "data-clock-toggle": "", "aria-expanded": "false"}
            )
            with toggle:
                icon("clock")
                self._face = Node("span", "clock-words")
                icon("down")
            with Node("div", "clock-controls") as controls:
                self._step(t.n("+{n} hour", "+{n} hours", 1), partial(self._clock.advance, timedelta(hours=1)))
                self._step(t.n("+{n} day", "+{n} days", 1), partial(self._clock.advance, timedelta(days=1)))
                for milestone in self._milestones:
                    self._step(
                        t("to {day}", day=t.short_day(milestone.astimezone(self._zone).date())),
                        partial(self._clock.to, milestone),
                    )
                with Node("form", "clock-form") as form:
                    self._input = Node(
                        "input", "clock-input", attributes={"type": "datetime-local", "aria-label": t("Date and time")}
                    )
                    Node("button", "clock-step", t("Go"), {"type": "submit"})
                form.listen(
                    "submit",
                    self._to_chosen,
                    "(event) => { event.preventDefault(); emit(event.target.querySelector('input').value) }",
                )
            toggle.props["aria-controls"] = controls.html_id
        self._refresh()
        self._input.props["defaultValue"] = self._local().strftime("%Y-%m-%dT%H:%M")
        ui.timer(REFRESH_SECONDS, self._refresh)

    def _local(self) -> datetime:
        return self._clock.now().astimezone(self._zone)

    def _refresh(self) -> None:
        local = self._local()
        self._face.say(f"{self.t.day(local, year=True)}, {self.t.hour(local)}")

    def _step(self, label: str, move: Callable[[], Awaitable[None]]) -> None:
        async def press(_: GenericEventArguments) -> None:
            await self._move(move)

        Node("button", "clock-step", label, {"type": "button"}).listen("click", press)

    async def _to_chosen(self, event: GenericEventArguments) -> None:
        try:
            local = datetime.fromisoformat(str(event.args))
        except ValueError:
            self._complain(self.t("Choose a date and a time."))
            return
        await self._move(lambda: self._clock.to(local.replace(tzinfo=self._zone).astimezone(UTC)))

    async def _move(self, move: Callable[[], Awaitable[None]]) -> None:
        if self._busy:
            return
        self._busy = True
        self._bar.classes(add="busy")
        try:
            await move()
        except ValueError:
            self._complain(self.t("This clock only goes forward."))
        finally:
            self._busy = False
            self._bar.classes(remove="busy")
            self._refresh()
