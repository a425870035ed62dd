"""Which reminders fall due when: all rules in one table, as pure functions of dates. No store, no text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.calendar import MORNING, SECOND_CALL, WORK_ENDS, WorkingCalendar
from bot.store.asked import AGAIN
from bot.store.falling import Audience, Call, Falling, Since
from scheduler.policy import STANDARD, Distance, Policies, Policy, dates_around, distance
from scheduler.rules import again, due_soon, due_today, escalate, follow_up, overdue, second_call, undecided

#: A task given this shortly before a second call is not called for yet.
_SETTLES_IN = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to speak: the date it counts from, who hears, at which hour.

    `needless_after_report`: a report of the same day makes it needless. `rests_while_asked`: it waits while an
    extension is undecided.
    """

    name: str
    since: Since
    to: Audience
    slot: time
    falls: Callable[[Distance, Policy], int | None]
    needless_after_report: bool = True
    rests_while_asked: bool = False


RULES = (
    Rule("due_soon", Since.DUE, Audience.UNIT, MORNING, due_soon.falls),
    Rule("due_today", Since.DUE, Audience.UNIT, MORNING, due_today.falls),
    Rule("second_call", Since.DUE, Audience.UNIT, SECOND_CALL, second_call.falls, rests_while_asked=True),
    Rule("overdue", Since.DUE, Audience.UNIT, MORNING, overdue.falls),
    Rule("escalate", Since.DUE, Audience.LEADER, MORNING, escalate.falls, rests_while_asked=True),
    Rule("follow_up", Since.FOLLOW_UP, Audience.UNIT, MORNING, follow_up.falls, needless_after_report=False),
    Rule("undecided", Since.ASKED, Audience.OFFICE, MORNING, undecided.falls, needless_after_report=False),
)
#: What a contact asked for ("nhắc lại chiều nay") falls on no date by itself: it is written down when it is asked.
ASKED_AGAIN = Rule(AGAIN, Since.DUE, Audience.UNIT, MORNING, again.falls, needless_after_report=False)
BY_NAME = {rule.name: rule for rule in (*RULES, ASKED_AGAIN)}


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One of the two moments of a working day at which a person may get their one letter."""

    day: date
    at: time

    @property
    def name(self) -> str:
        """As it stands in keys: 07:30."""
        return f"{self.at:%H:%M}"


@dataclass(frozen=True, slots=True)
class Milestone:
    """What falls on a day for a deadline: the rule, and its working days (negative before, positive after)."""

    rule: str
    days: int


def milestone(
    due_on: date, day: date, slot: time, calendar: WorkingCalendar, policy: Policy = STANDARD
) -> Milestone | None:
    """What the unit's contact hears about a deadline in that slot."""
    if not calendar.is_working(day):
        return None
    rules = [rule for rule in _family(Since.DUE, Audience.UNIT) if rule.slot == slot]
    found = _first(rules, distance(due_on, day, calendar), policy)
    return Milestone(found[0].name, found[1]) if found else None


def calls(slots: Sequence[Slot], calendar: WorkingCalendar, policies: Policies) -> tuple[Call, ...]:
    """All that is to be said in the last of these slots; a date's latest milestone stands for the missed ones.

    One that rests while an extension is undecided stands for them where none is: else the one before it is said.
    """
    codes = tuple(policies.by_task)
    found = list(_of_policy(slots, calendar, policies.standard, codes, others=True))
    for code, policy in policies.by_task.items():
        found += _of_policy(slots, calendar, policy, (code,), others=False)
    return tuple(found)


def _of_policy(
    slots: Sequence[Slot], calendar: WorkingCalendar, policy: Policy, tasks: tuple[str, ...], *, others: bool
) -> Iterator[Call]:
    ahead = max((1, *policy.before))
    latest = sorted(slots, reverse=True)
    today = calendar.at(latest[0].day, time())
    days = {day: tuple(dates_around(day, calendar, ahead)) for day in {slot.day for slot in latest}}
    around = [(slot, days[slot.day]) for slot in latest]
    families = dict.fromkeys((rule.since, rule.to) for rule in RULES)
    for family in families:
        for (rule, only_asked), falling in _falling(_family(*family), around, calendar, policy).items():
            yield Call(
                rule=rule,
                since=BY_NAME[rule].since,
                to=BY_NAME[rule].to,
                falling=tuple(falling),
                unless_reported_since=today if BY_NAME[rule].needless_after_report else None,
                unless_asked=BY_NAME[rule].rests_while_asked,
                only_asked=only_asked,
                tasks=tasks,
                other_tasks=others,
            )


def _falling(
    family: Sequence[Rule],
    around: Sequence[tuple[Slot, tuple[tuple[date, Distance], ...]]],
    calendar: WorkingCalendar,
    policy: Policy,
) -> dict[tuple[str, bool], list[Falling]]:
    """By rule, and whether it is said only where an extension is undecided, for a later one that rests then."""
    seen: set[date] = set()
    resting: set[date] = set()
    found: dict[tuple[str, bool], list[Falling]] = {}
    for slot, dates in around:
        now = [rule for rule in family if rule.slot == slot.at]
        young = given_before(slot, calendar)
        for on, at in dates if now else ():
            fallen = _first(now, at, policy) if on not in seen else None
            if fallen is None or (fallen[0].rests_while_asked and on in resting):
                continue
            rule, days = fallen
            found.setdefault((rule.name, on in resting), []).append(Falling(on, days, young))
            (resting if rule.rests_while_asked else seen).add(on)
    return found


def fallen(at: Distance, hour: time, policy: Policy) -> Iterator[tuple[Rule, int]]:
    """What falls in the slot of that hour for a date that lies so far from its day."""
    for family in dict.fromkeys((rule.since, rule.to) for rule in RULES):
        found = _first([rule for rule in _family(*family) if rule.slot == hour], at, policy)
        if found is not None:
            yield found


def given_before(slot: Slot, calendar: WorkingCalendar) -> datetime:
    """Tasks given at or after this are still on their way to people, or just arrived, when the slot comes."""
    if slot.at == MORNING:
        return calendar.at(calendar.step(slot.day, -1), WORK_ENDS)
    return calendar.at(slot.day, slot.at) - _SETTLES_IN


def _family(since: Since, to: Audience) -> tuple[Rule, ...]:
    return tuple(rule for rule in RULES if rule.since is since and rule.to is to)


def _first(rules: Sequence[Rule], at: Distance, policy: Policy) -> tuple[Rule, int] | None:
    for rule in rules:
        days = rule.falls(at, policy)
        if days is not None:
            return rule, days
    return None
