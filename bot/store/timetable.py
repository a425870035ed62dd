"""The office's own days and its policy of reminders: as they hold now, and every change that led there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select, update

from bot.store.part import Part
from bot.store.tables import calendar_day, person, province, seat, timetable_change


class Changed(StrEnum):
    """What of the timetable the office changed."""

    CALENDAR = "calendar"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class TimetableChange:
    """One change, numbered in its kind: what it put in place of what, by whom, when."""

    what: Changed
    number: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    by: str | None
    at: datetime
    said_id: int | None = None


class Timetable(Part):
    """Changes wait for each other; nothing here plans anything."""

    def hold(self) -> None:
        """No other change of the province's until this transaction ends."""
        mine = select(province.c.id).where(province.c.id == self._province)
        self._connection.execute(mine.with_for_update(key_share=True))

    def own_days(self) -> dict[date, bool]:
        """The office's days, in their order: True worked, False off."""
        mine = select(calendar_day).where(calendar_day.c.province_id == self._province).order_by(calendar_day.c.day)
        return {row["day"]: row["working"] for row in self._rows(mine)}

    def names(self) -> dict[date, str]:
        """By what name the office's days go, as far as they have one."""
        mine = select(calendar_day).where(
            calendar_day.c.province_id == self._province, calendar_day.c.label.is_not(None)
        )
        return {row["day"]: row["label"] for row in self._rows(mine)}

    def name_days(self, names: Mapping[date, str]) -> None:
        """Call those of the office's days by these names."""
        for day, name in names.items():
            mine = (calendar_day.c.province_id == self._province, calendar_day.c.day == day)
            self._connection.execute(update(calendar_day).where(*mine).values(label=name))

    def keep_days(
        self, days: Mapping[date, bool | None], seat_id: int | None, said_id: int | None, now: datetime
    ) -> bool:
        """Work on these days or not, or (None) as everybody does; whether that changes anything."""
        known = self.own_days()
        fresh = {day: works for day, works in sorted(days.items()) if known.get(day) is not works}
        if not fresh:
            return False
        mine = calendar_day.c.province_id == self._province
        self._connection.execute(delete(calendar_day).where(mine, calendar_day.c.day.in_(list(fresh))))
        rows = [
            {"province_id": self._province, "day": day, "working": works}
            for day, works in fresh.items()
            if works is not None
        ]
        if rows:
            self._connection.execute(calendar_day.insert(), rows)
        before = {day.isoformat(): known.get(day) for day in fresh}
        after = {day.isoformat(): works for day, works in fresh.items()}
        self._keep(Changed.CALENDAR, before, after, seat_id, said_id, now)
        return True

    def keep_policy(self, policy: Mapping[str, Any], seat_id: int | None, said_id: int | None, now: datetime) -> bool:
        """The province's settings["policy"] from now on; whether that changes anything."""
        mine = province.c.id == self._province
        settings = dict(self._connection.execute(select(province.c.settings).where(mine)).scalar_one())
        before = settings.get("policy") or {}
        if before == policy:
            return False
        self._connection.execute(update(province).where(mine).values(settings={**settings, "policy": dict(policy)}))
        self._keep(Changed.POLICY, before, policy, seat_id, said_id, now)
        return True

    def last_change(self, what: Changed) -> TimetableChange | None:
        """The latest change of this kind."""
        mine = (timetable_change.c.province_id == self._province, timetable_change.c.what == what)
        whole = (
            select(timetable_change, person.c.name)
            .outerjoin(seat, seat.c.id == timetable_change.c.seat_id)
            .outerjoin(person, person.c.id == seat.c.person_id)
        )
        row = self._first(whole.where(*mine).order_by(timetable_change.c.number.desc()).limit(1))
        if row is None:
            return None
        return TimetableChange(
            what, row["number"], row["before"], row["after"], row["name"] or None, row["at"], row["said_id"]
        )

    def _keep(
        self,
        what: Changed,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        seat_id: int | None,
        said_id: int | None,
        now: datetime,
    ) -> None:
        last = self.last_change(what)
        self._insert(
            timetable_change,
            province_id=self._province,
            what=what.value,
            number=last.number + 1 if last else 1,
            before=dict(before),
            after=dict(after),
            seat_id=seat_id,
            said_id=said_id,
            at=now,
        )
