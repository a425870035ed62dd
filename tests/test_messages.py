"""The nouns that travel: addresses that print and parse, texts that nest, and what may be repeated."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Address, Incoming, LetterKind, SendFailed, Text, lines, text

word = st.text(min_size=1, max_size=12)
AT = datetime(2025, 9, 12, tzinfo=UTC)


@given(word.filter(lambda w: ":" not in w), word.filter(lambda w: ":" not in w), word)
def test_an_address_is_what_it_prints(channel: str, account: str, peer: str) -> None:
    """Printed and parsed again it is the same, also where the platform's peer holds colons."""
    address = Address(channel, account, peer)

    assert Address.parse(str(address)) == address


@pytest.mark.parametrize("printed", ["", "telegram", "telegram:1", "telegram:1:", ":1:2", "telegram::2", "::"])
def test_half_an_address_is_none(printed: str) -> None:
    """A missing part is an error, never an empty peer to which something is sent."""
    with pytest.raises(ValueError, match=r"not an address|not enough values"):
        Address.parse(printed)


def test_addresses_sort_and_count_as_keys() -> None:
    """Two prints of one address are one key; order is by channel, account, peer."""
    a, b = Address("local", "main", "lan"), Address("local", "main", "minh")

    assert sorted([b, a]) == [a, b]
    assert len({a, Address.parse(str(a)), b}) == 2


@pytest.mark.parametrize(
    ("kind", "repeatable"),
    [
        (LetterKind.ANSWER, True),
        (LetterKind.QUESTION, True),
        (LetterKind.RECEIPT, True),
        (LetterKind.REMINDER, True),
        (LetterKind.ASSIGNMENT, False),
        (LetterKind.DIGEST, False),
        (LetterKind.SUMMARY, False),
        (LetterKind.FILE, False),
    ],
)
def test_what_may_go_twice(kind: LetterKind, repeatable: bool) -> None:
    """An assignment, a summary or a file never comes twice by itself."""
    assert kind.repeatable is repeatable


def test_lines_leave_out_what_is_nothing() -> None:
    """A part that is None makes no empty line; an empty text stays one."""
    one = text("receipt.done", title="Kế hoạch")

    assert lines(one, None, "", one) == Text("lines", {"parts": (one, "", one)})


def test_a_text_is_its_key_and_values() -> None:
    """`text` takes any value, also one that is called like a placeholder of ours."""
    assert text("a", n=3, title="x") == Text("a", {"n": 3, "title": "x"})


def test_what_came_in_can_not_be_changed() -> None:
    """An Incoming is a value: nobody edits what a person typed."""
    incoming = Incoming(Address("local", "main", "lan"), "m:1", "1 xong", AT)
    with pytest.raises(FrozenInstanceError):
        incoming.text = "1 chưa xong"  # type: ignore[misc]

    assert (incoming.text, incoming.files, incoming.in_group) == ("1 xong", (), False)


def test_a_failed_send_says_what_is_known_and_no_more() -> None:
    """Unless told otherwise bytes may have left and nothing is for ever."""
    plain, gone = SendFailed("timeout"), SendFailed("blocked", permanent=True, written=False)

    assert (plain.permanent, plain.written, plain.retry_at, plain.quota) == (False, True, None, False)
    assert (gone.permanent, gone.written, str(gone)) == (True, False, "blocked")
