"""The chair and the office ask how things stand; a unit's people get the same words on what they may look at."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.case import Case
from bot.contacts import Action, may
from bot.effects import Effect, Say
from bot.messages import Attachment, LetterKind, Outgoing, Text, lines, text
from bot.reports import figures, parts, summary
from bot.reports.names import NameKind, in_lines, kind_of
from bot.tasks import Assignment
from handlers.meant_assignments import assignments_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def total(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """Everything, with a line for each resolution."""
    given, now, zone = _seen(case)
    groups = figures.by_resolution(given, now, zone)
    return _say(case, summary.total(figures.count(given, now, zone), groups), hint=True)


def one_resolution(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """How far one resolution is, by its number."""
    given, now, zone = _seen(case)
    return _say(case, summary.one_resolution(_sign(slots["resolution"], given), given, now, zone))


def _sign(typed: str, given: Sequence[Assignment]) -> str:
    number = int("".join(sign for sign in typed.partition("-")[0] if sign.isdecimal()))
    known = {sign for one in given for sign in one.task.resolutions}
    return next((sign for sign in sorted(known) if figures.sign_order(sign)[1] == number), f"{number}-NQ/TW")


def late_units(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """Which units are overdue."""
    return _say(case, summary.overdue(*_seen(case)))


def late_offices(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """Which departments and other provincial offices are overdue."""
    return _late_of(case, "office", (NameKind.OFFICE,))


def late_communes(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """Which units of the commune level are overdue: "xã" is said of wards and special zones too."""
    return _late_of(case, "commune", (NameKind.COMMUNE, NameKind.WARD, NameKind.ZONE))


def late_wards(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """Which wards are overdue."""
    return _late_of(case, "ward", (NameKind.WARD,))


def _late_of(case: Case, called: str, kinds: Collection[NameKind]) -> Sequence[Effect]:
    given, now, zone = _seen(case)
    return _say(case, summary.overdue([one for one in given if kind_of(one.unit_name) in kinds], now, zone, called))


def silent_units(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """Who has not reported."""
    return _say(case, summary.silent(*_seen(case)))


def by_resolution(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """A line for each resolution."""
    given, now, zone = _seen(case)
    groups = figures.by_resolution(given, now, zone)
    return _say(case, summary.by_resolution(groups, figures.count(given, now, zone)))


def by_unit(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """All units, worst first."""
    given, now, zone = _seen(case)
    return _say(case, summary.by_unit(figures.by_unit(given, now, zone), figures.count(given, now, zone)))


def one_task(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """One task in all its units."""
    of_task = assignments_of(case, slots["task"])
    seen = {one.id for one in _seen(case)[0]}
    mine = tuple(one for one in of_task if one.id in seen)
    if not mine:
        return _say(case, text("meant.no_task", code=slots["task"].upper()))
    return _say(case, summary.one_task(mine, case.now, ZoneInfo(case.province.zone)))


def obstacles(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """What is blocked: by category, every unit with the words of its report."""
    given, now, _ = _seen(case)
    found = figures.blocked(given)
    if not found:
        return _say(case, lines(text("obstacles.none"), parts.moment(now)))
    kinds: dict[str | None, list[Assignment]] = {}
    for one in found:
        kinds.setdefault(one.state.obstacle, []).append(one)
    said: list[Text | str] = [text("obstacles.head", n=len(found)), parts.moment(now)]
    for kind, members in sorted(kinds.items(), key=lambda entry: (-len(entry[1]), entry[0] or "")):
        said += ["", text("obstacles.kind", kind=parts.obstacle(kind), amount=str(len(members)))]
        said += [_obstacle(one) for one in members]
    return _say(case, lines(*said))


def _obstacle(one: Assignment) -> Text:
    note = text("obstacles.note", note=one.state.note) if one.state.note else ""
    asked = text("obstacles.follow_up", on=one.state.follow_up) if one.state.follow_up else ""
    return text("obstacles.line", unit=one.unit_name, code=one.task.code, note=note, follow_up=asked)


def nobody(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """Units in which nobody can be reached, and people who joined by what is no longer served."""
    units = case.book.people.units_without_contact()
    cut_off = parts.cut_off(case.book.served.cut_off_by_unit())
    if not units:
        return _say(case, lines(text("unreached.none"), *cut_off))
    names = (text("plain", text=row) for row in in_lines(unit.name for unit in units))
    return _say(case, lines(text("unreached.head", n=len(units)), *names, text("unreached.how"), *cut_off))


def picture(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """The chart."""
    file = Attachment(f"tong-hop-{case.today}.png", "image/png", {"name": "picture"})
    return _attached(case, "picture.caption", file)


def sheet(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """The spreadsheet."""
    file = Attachment(f"tong-hop-{case.today}.xlsx", _XLSX, {"name": "sheet"})
    return _attached(case, "sheet.caption", file)


def _attached(case: Case, key: str, file: Attachment) -> Sequence[Effect]:
    caption = lines(text(key), parts.moment(case.now))
    return [Say(Outgoing(case.person.id, caption, once="", kind=LetterKind.FILE, attachment=file))]


def _seen(case: Case) -> tuple[tuple[Assignment, ...], datetime, ZoneInfo]:
    """What the asker may count, with the moment and the zone.

    The province; or the units of one's own, and every unit in the tasks that these follow up.
    """
    zone = ZoneInfo(case.province.zone)
    if may(case.person, Action.SEE_PROVINCE):
        return case.book.assignments.all(), case.now, zone
    return case.book.following.with_own(unit.id for unit in case.person.units), case.now, zone


def _say(case: Case, says: Text, *, hint: bool = False) -> Sequence[Effect]:
    office = may(case.person, Action.SEE_PROVINCE)
    whole = lines(None if office else _whose(case), says, text("summary.more") if hint and office else None)
    return [Say(Outgoing(case.person.id, whole, once="", kind=LetterKind.SUMMARY))]


def _whose(case: Case) -> Text:
    """Whose figures these are: nobody takes one unit's for the province's, nor a followed task's for the unit's own."""
    units = tuple(unit.name for unit in case.person.units)
    followed = case.book.following.tasks(unit.id for unit in case.person.units)
    if not followed:
        return text("summary.own_units", units=units)
    return text("summary.own_and_followed", units=units, n=followed)
