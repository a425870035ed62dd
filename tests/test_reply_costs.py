"""What one reply costs: few statements, and none of them put together anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from bot.clerk import Clerk
from bot.phrases import phrasebook
from bot.store.engine import Store
from handlers.table import desk
from tests.opened_store import Template, give_task, message, seat

UNIT = "30607"
MOST = 30


def test_a_reply_takes_few_statements_and_puts_none_together_anew(sample_province: Template) -> None:
    """Lan's second report goes the way of her first one, in at most thirty statements, all of them kept."""
    store, clerk = sample_province.fresh(), Clerk(desk(), phrasebook())

    def prepare(book: Any) -> None:
        give_task(book, "T31", (UNIT,))
        seat(book, "lan", UNIT)

    def reports(key: str, percent: int) -> None:
        said = message("lan", key, f"việc 1 đang làm {percent}%")
        store.write_now(lambda book: clerk.receive(book, said, said.at))

    store.write_now(prepare)
    reports("first", 20)
    with _run(store) as second:
        reports("second", 30)
    with _run(store) as third:
        reports("third", 40)
    assert len(third) <= MOST
    assert not [str(one) for one in third if not any(one is known for known in second)]


@contextmanager
def _run(store: Store) -> Iterator[list[Any]]:
    """The statements that are run meanwhile."""
    found: list[Any] = []

    def note(_connection: Any, statement: Any, _several: Any, _params: Any, _options: Any) -> None:
        found.append(statement)

    event.listen(store.engine, "before_execute", note)
    try:
        yield found
    finally:
        event.remove(store.engine, "before_execute", note)
