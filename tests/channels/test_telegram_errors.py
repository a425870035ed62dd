"""What Telegram complains of, as the house hears it; and which answers are believed to be Telegram's at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, TimedOut

from bot.channels.telegram_errors import failure
from bot.channels.telegram_wire import NotWritten, Paused, Wire, _trusted
from bot.messages import SendFailed
from bot.post_outcomes import only_this_letter

NOW = datetime(2025, 9, 15, 2, 0, tzinfo=UTC)
SECRET = "123456:AAF-lan_and_minh-0123456789abcdefghij"


def body(**more: Any) -> bytes:
    return json.dumps({"ok": False, "error_code": 400, "description": "Bad Request: x", **more}).encode()


@pytest.mark.parametrize(
    ("error", "this_letter_alone"),
    [
        (Forbidden("bot was blocked by the user"), True),
        (BadRequest("Chat not found"), True),
        (BadRequest("message text is empty"), True),
        (ChatMigrated(-1002201), True),
        (InvalidToken(), False),
        (Conflict("terminated by other getUpdates request"), False),
        (NotWritten("no route"), False),
        (Paused(timedelta(seconds=7)), False),
        (TimedOut(), False),
        (NetworkError("reset"), False),
        (ValueError("a fault of ours"), False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_one_persons_trouble_pauses_nobody_else(error: Exception, this_letter_alone: bool) -> None:
    """Where the platform answered about one chat or one text, the account goes on; where it is in trouble, it rests."""
    assert only_this_letter(failure(error, NOW)) is this_letter_alone


@pytest.mark.parametrize(
    "error", [TimedOut(), NetworkError("connection reset"), RuntimeError("?"), OSError("broken pipe")]
)
def test_in_doubt_unless_it_is_certain(error: Exception) -> None:
    """Whatever is not surely a refusal may have arrived: it is never taken for "not sent"."""
    failed = failure(error, NOW)

    assert failed.written
    assert (failed.permanent, failed.unauthorized) == (False, False)


@pytest.mark.parametrize("kind", [BadRequest, Forbidden, NetworkError, NotWritten, Conflict, RuntimeError])
def test_no_reason_holds_a_token(kind: type[Exception]) -> None:
    """A library's error often quotes the address asked for, and the token stands in it."""
    failed = failure(kind(f"POST https://api.telegram.org/bot{SECRET}/sendMessage"), NOW)

    assert SECRET not in failed.why
    assert SECRET.partition(":")[2] not in repr(failed)


def test_an_error_without_words_is_named_by_its_kind() -> None:
    """The ledger's reason is never empty."""
    assert failure(RuntimeError(), NOW).why.endswith("RuntimeError")


def test_a_complaint_of_our_own_is_passed_on() -> None:
    """What was judged already is not judged again: a chat that is no number stays permanently wrong."""
    said = SendFailed("a Telegram chat is a number", permanent=True, written=False)

    assert failure(said, NOW) is said


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 413, 429, 500, 502])
@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"<html>403 Forbidden</html>",
        b"[]",
        b"null",
        b'"x"',
        b"{}",
        b'{"error": "denied"}',
        b"\xff\xfe",
        b"[" * 9999,
    ],
    ids=range(9),
)
def test_a_block_page_ends_no_address_and_no_token(status: int, page: bytes) -> None:
    """What a firewall or a portal answers is a network failure, whatever its number."""
    with pytest.raises(NetworkError) as error:
        _trusted(status, page)
    failed = failure(error.value, NOW)

    assert (failed.permanent, failed.unauthorized, failed.retry_at) == (False, False, None)


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [(7, 7), (0.5, 0.5), (0, 5), (-3, 5), ("7", 5), (None, 5), ([], 5), (1e99, 5), (86_400, 86_400)],
)
def test_a_pause_is_what_telegram_says_or_a_short_one(retry_after: object, seconds: float) -> None:
    """A missing, negative or senseless number neither sends at once nor silences the bot for years."""
    with pytest.raises(Paused) as error:
        _trusted(429, body(parameters={"retry_after": retry_after}))

    assert failure(error.value, NOW).retry_at == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("parameters", [None, {}, {"retry_after": {}}])
def test_a_429_without_a_pause_pauses_all_the_same(parameters: object) -> None:
    """Telegram sometimes leaves the number out."""
    with pytest.raises(Paused):
        _trusted(429, body(parameters=parameters))


@pytest.mark.parametrize("status", [402, 410, 413, 418, 451])
def test_any_other_refusal_of_theirs_is_one_of_the_letter(status: int) -> None:
    """A number we don't know, in the Bot API's own form: that letter is refused, the address lives."""
    with pytest.raises(BadRequest) as error:
        _trusted(status, body(description="Request Entity Too Large"))
    failed = failure(error.value, NOW)

    assert (failed.permanent, failed.written) == (False, False)
    assert failed.why.startswith("refused the letter")


@given(st.binary(max_size=60))
def test_an_answer_is_read_or_is_none(payload: bytes) -> None:
    """Any bytes for an answer: the Bot API's own form, or a network failure; nothing else comes out of it."""
    try:
        answer = Wire.parse_json_payload(payload)
    except NetworkError:
        return
    assert ("result" in answer) is (answer.get("ok") is True)


@pytest.mark.parametrize(
    "payload",
    [
        b'{"ok": true}',
        b'{"ok": false, "result": 1}',
        b'{"result": 1}',
        b'{"ok": 1, "result": {}}',
        b"[1]",
        b"",
        b"[" * 9999,
    ],
)
def test_half_an_answer_is_no_receipt(payload: bytes) -> None:
    """ "ok" without a result, or a result without "ok", accepts no letter; the words stay out of the error."""
    with pytest.raises(NetworkError) as error:
        Wire.parse_json_payload(payload)
    assert "result" not in str(error.value)
