"""The chair or the office tells the bot to urge a unit: that reaches nobody, and they hear what does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.case import Case
from bot.effects import Effect, Say
from bot.messages import Outgoing, text


def not_passed_on(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect] | None:
    """ "Nhắc Bình Hòa làm ngay": an order must not end in a thumb. Who reports for a unit may say so in a report."""
    if case.person.units:
        return None
    return [Say(Outgoing(case.person.id, text("order.not_passed_on"), once=""))]
