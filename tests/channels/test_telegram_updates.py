"""What Telegram's updates mean: a table of recorded shapes, and hostile ones."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram_updates import Malformed, incoming
from bot.messages import Incoming

NOW = datetime(2025, 9, 15, 2, 0, tzinfo=UTC)
CASES = json.loads(Path(__file__).with_name("telegram_updates.json").read_text("utf-8"))
UPDATES = [case["update"] for case in CASES]


def shown(message: Incoming) -> dict[str, Any]:
    """A message in the words of the table."""
    fields = {name: getattr(message, name) for name in Incoming.__slots__}
    files = [{name: getattr(file, name) for name in ("ref", "name", "kind", "size")} for file in message.files]
    return fields | {"sender": str(message.sender), "at": message.at.isoformat(), "files": files}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_an_update_means_what_the_table_says(case: dict[str, Any]) -> None:
    """Each recorded update becomes the message beside it, or nothing where nobody said anything to us."""
    message = incoming(case["update"], "7000000001", NOW)
    if case["expect"] is None:
        assert message is None
    else:
        assert message is not None
        assert {name: value for name, value in shown(message).items() if name in case["expect"]} == case["expect"]


def test_the_number_of_an_update_is_no_part_of_a_message() -> None:
    """Update ids begin anywhere after a quiet week, so the same message keeps its id under any of them."""
    first, second = (incoming({**UPDATES[0], "update_id": number}, "7000000001", NOW) for number in (1, 2**31))
    assert first == second


@pytest.mark.parametrize(
    "update",
    [
        None,
        [],
        "x",
        {"message": None},
        {"message": []},
        {"message": {}},
        {"message": {"from": {"id": 1}, "chat": {}, "message_id": 1, "date": 1}},
        {"message": {"from": {"id": 1}, "chat": {"id": "1"}, "message_id": 1, "date": 1}},
        {"message": {"from": {"id": 1}, "chat": {"id": True}, "message_id": 1, "date": 1}},
        {"message": {"from": {"id": 1}, "chat": {"id": 1}, "message_id": 1, "date": 10**30, "text": "x"}},
        {"message": {"from": {"id": 1}, "chat": {"id": 1}, "message_id": 1, "date": 10**12, "text": "x"}},
        {"message": {"from": {"id": 1}, "chat": {"id": 1}, "message_id": 1, "date": 1, "text": 5}},
        {"message": {"from": {"id": 1}, "chat": {"id": 1}, "message_id": 1, "date": 1, "photo": []}},
        {"edited_message": {"from": {"id": 1}, "chat": {"id": 1}, "message_id": 1, "date": 1, "text": "x"}},
        {"callback_query": {"data": "x", "message": {"chat": {"id": 1}, "message_id": 1}, "from": {"id": 1}}},
    ],
)
def test_a_malformed_update_says_so(update: object) -> None:
    """What does not look as the Bot API says is told apart from what is none of ours, and breaks nothing."""
    with pytest.raises(Malformed):
        incoming(update, "7000000001", NOW)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(st.data())
def test_no_update_breaks_the_reading(data: st.DataObject) -> None:
    """With any part of a real update replaced by junk, a message, nothing or Malformed comes of it, never a crash."""
    update = json.loads(json.dumps(data.draw(st.sampled_from(UPDATES))))
    part = update
    while isinstance(part, dict) and part:
        key = data.draw(st.sampled_from(sorted(part)))
        if not isinstance(part[key], dict) or data.draw(st.booleans()):
            part[key] = data.draw(junk)
            break
        part = part[key]
    try:
        message = incoming(update, "7000000001", NOW)
    except Malformed:
        return
    if message is not None:
        (message.text + message.id + (message.button or "") + message.sender_name).encode("utf-8")
        assert "\x00" not in message.text
