"""Who plays: the office, the chair, people with a story of their own, and a drawn contact for every other unit."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from bot.calendar import WorkingCalendar
from bot.contacts import Role, Unit, UnitKind
from bot.demo.office import Clerk, Storyteller
from bot.demo.officer import Officer
from bot.demo.player import Newcomer, Player
from bot.demo.stage import Stage
from bot.demo.stock import Story, draw_name, stories
from bot.directives.sample import sample_tasks
from bot.imports import SAMPLE_BEGINS
from bot.joining_codes import draw_code
from bot.messages import text
from bot.wording import Wording

#: Nobody ever joins here: the office's digest says so every day.
NEVER = "30814"
#: Joins by a second code, days later.
LATE = "31051"
_STAFF = {"office": "van-phong", "chair": "lanh-dao"}
_FIRST, _LAST = 5, 50
#: Lines of one letter that are printed for the office and the chair; others have the stage's measure.
_OFFICE_LINES, _CHAIR_LINES, _CONTACT_LINES = 9, 22, 9


class Company:
    """Everybody, drawn from one source; `told_whole` are the phones whose talk is printed."""

    def __init__(self, stage: Stage, calendar: WorkingCalendar, wording: Wording, rng: Random) -> None:
        self._stage = stage
        self._calendar = calendar
        self._wording = wording
        self._rng = rng
        self._codes = {task.title: task.code for task in sample_tasks()}
        self._phones: dict[str, str] = {}
        self.units: dict[str, Unit] = {}

    async def gather(self, contacts: int | None) -> None:
        """Issue the codes, and let everybody join at their minute of the first morning."""
        found = await self._stage.house.store.read(lambda book: book.people.units())
        self.units = {unit.code: unit for unit in found if unit.kind is not UnitKind.PROVINCE}
        self._phones = {one.unit_code: one.name for one in await self._stage.desk.phones() if one.role is Role.CONTACT}
        self._stage.cast = self._newcomer
        for story in stories():
            if story.joins is not None:
                await self._tells(story)
        taken = {story.unit for story in stories() if story.role in ("contact", "late")} | {NEVER}
        for code in [code for code in self.units if code not in taken][:contacts]:
            await self._draws(code)
        for code in (NEVER, LATE):
            await self._issued(code, Role.CONTACT)

    @property
    def chair(self) -> Player:
        """Who asks the last questions."""
        return self._stage.players[_STAFF["chair"]]

    async def _tells(self, story: Story) -> None:
        player = self._with_story(story)
        code = await self._issued(story.unit, Role(story.role))
        self._stage.enters(player, code, story.joins.replace(tzinfo=self._calendar.zone))
        self._stage.means(player, player.intends(self._calendar))

    async def _draws(self, code: str) -> None:
        unit = self.units[code]
        signs = "UBND" if unit.kind is UnitKind.COMMUNE else code
        peer, name = self._phones[code], draw_name(self._rng)
        officer = Officer(peer, name, unit.name, code, signs, self._codes, self._wording, Random(self._rng.random()))  # noqa: S311  (a play's dice)
        minute = timedelta(minutes=self._rng.randrange(_FIRST, _LAST, 5))
        self._stage.enters(officer, await self._issued(code, Role.CONTACT), SAMPLE_BEGINS + minute)

    def _with_story(self, story: Story) -> Storyteller:
        unit = self.units[story.unit]
        phone = self._phones[story.unit]
        peer = {"leader": f"{phone[:30]}-lanh-dao", "successor": f"{phone[:30]}-moi", **_STAFF}.get(story.role, phone)
        titled = story.role in ("leader", *_STAFF)
        shown = self._wording.say(text(f"demo.{story.role}", unit=unit.name)) if titled else unit.name
        made = Clerk if story.role == "office" else Storyteller
        lines = {"office": _OFFICE_LINES, "chair": _CHAIR_LINES}.get(story.role, _CONTACT_LINES)
        self._stage.prints(peer, lines, aloud=story.aloud or story.joins is None)
        return made(peer, story.name, shown, story, self._codes, self._wording.say(text("ask.yes")))

    async def _issued(self, unit: str, role: Role) -> str:
        """A joining code, as `nhacviec invite` issues it."""
        code, now, unit_id = draw_code(self._rng.randrange), self._stage.clock.now(), self.units[unit].id
        await self._stage.house.store.write(lambda book: book.joining.issue(code, unit_id, role, now))
        return code

    def _newcomer(self, handed: Newcomer) -> Player | None:
        """Whoever was handed a code: the successor or latecomer of that unit's story."""
        story = next((one for one in stories() if one.joins is None and one.unit == handed.unit), None)
        if story is None:
            return None
        player = self._with_story(story)
        now = self._stage.clock.now()
        self._stage.means(player, (one for one in player.intends(self._calendar) if one.at > now))
        return player
