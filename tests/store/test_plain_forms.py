"""What is kept of values as plain JSON: the same bytes today as in every store that is in use already."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Address, FileRef, Incoming
from bot.reading.meaning import Item, Kind
from bot.store.inbox import _incoming
from bot.store.inbox import _plain as plain_message
from bot.store.journal import _digest
from bot.store.journal import _plain as plain_state
from bot.tasks import Due, State, Status
from handlers.ask_reading import _plain as plain_item
from handlers.ask_reading import item_from
from tests.any_steps import ZONE, dues, few, moments

words = st.text(max_size=12)
maybe_words = st.none() | words
days = st.none() | st.dates(date(2025, 9, 1), date(2026, 10, 15))
whole_states = st.builds(
    State,
    due=dues,
    status=st.sampled_from(Status),
    percent=st.none() | st.integers(0, 100),
    document=maybe_words,
    note=maybe_words,
    obstacle=maybe_words,
    follow_up=days,
    last_report_at=st.none() | moments,
    reported_at=st.none() | moments,
    accepted_at=st.none() | moments,
    reported_by_tap=st.booleans(),
    extensions=st.integers(0, 3),
    has_evidence=st.booleans(),
)
messages = st.builds(
    Incoming,
    sender=st.builds(Address, words, words, words),
    id=st.text(min_size=1, max_size=12),
    text=words,
    at=moments,
    message_id=maybe_words,
    reply_to=maybe_words,
    edits=maybe_words,
    button=maybe_words,
    files=st.lists(st.builds(FileRef, words, words, words, st.none() | st.integers(0, 9)), max_size=2).map(tuple),
    album=maybe_words,
    unsupported=maybe_words,
    in_group=st.booleans(),
    sender_name=words,
    language_hint=maybe_words,
)
items = st.builds(
    Item,
    task=st.none() | st.integers(0, 9),
    kind=st.sampled_from(Kind),
    percent=st.none() | st.integers(0, 100),
    due=days,
    document=maybe_words,
    reason=maybe_words,
    obstacle=maybe_words,
    promised=days,
    successor=maybe_words,
)


def flat(value: Any) -> Any:
    """A value as JSON has it, what is unknown left out."""
    if isinstance(value, dict):
        return {name: flat(part) for name, part in value.items() if part is not None}
    return value.isoformat() if isinstance(value, date | time) else value


@few
@given(whole_states)
def test_an_entry_keeps_all_of_a_state_but_its_words(state: State) -> None:
    """Every field of a state that is known stands in the journal, whatever fields there are, and the note never."""
    whole = asdict(state)
    del whole["note"]

    assert plain_state(state) == flat(whole)


@few
@given(messages)
def test_a_message_keeps_every_field_that_says_anything(incoming: Incoming) -> None:
    """What the channel told is kept, what it did not tell takes no room, and it reads back as it was."""
    told = {name: value for name, value in asdict(incoming).items() if value not in (None, (), "", False)}
    files = {"files": list(told["files"])} if "files" in told else {}

    assert plain_message(incoming) == {**told, **files, "at": incoming.at.isoformat()}
    assert plain_message(_incoming(plain_message(incoming))) == plain_message(incoming)


@few
@given(items)
def test_what_is_offered_keeps_every_field_of_its_reading(item: Item) -> None:
    """An answer chosen later means exactly what was offered."""
    assert plain_item(item) == flat({name: value for name, value in asdict(item).items() if value is not None})
    assert item_from(plain_item(item)) == item


def test_entries_written_long_ago_still_hold() -> None:
    """The digest of an entry is the one that it was written with: else every chain in use would look broken."""
    before = State(Due(date(2025, 9, 20)))
    after = State(
        Due(date(2025, 9, 30), time(17, 0)),
        Status.REPORTED,
        80,
        "KH 45/KH-UBND",
        note="chờ chị Hoa",
        obstacle="funding",
        follow_up=date(2025, 9, 15),
        last_report_at=datetime(2025, 9, 12, 7, 30, 0, 250000, tzinfo=ZONE),
        reported_at=datetime(2025, 9, 12, 0, 30, tzinfo=UTC),
        reported_by_tap=True,
        extensions=1,
        has_evidence=True,
    )
    entry = {
        "province_id": 1,
        "assignment_id": 7,
        "number": 2,
        "step_id": 9,
        "seat_id": None,
        "what": "done",
        "before": plain_state(before),
        "after": plain_state(after),
        "at": after.last_report_at,
        "recorded_at": datetime(2025, 9, 12, 0, 30, 1, tzinfo=UTC),
        "text_digest": bytes(32),
        "previous": bytes(range(32)),
    }

    assert _digest(entry).hex() == "85bd7a387f5d473453eec3359c5e088d0f1a5161d80390f7603b09830d7d040f"
