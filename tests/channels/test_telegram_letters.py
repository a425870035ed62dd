"""A letter as a request to the Bot API: nothing a person typed is markup, nothing is cut, nothing is unsendable."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters

from bot.channels.telegram_letters import CAPTION, goes_as_photo, keyboard, request
from bot.messages import Address, Button, Letter, SendFailed
from bot.post_parts import units

LAN = Address("telegram", "7000000001", "551203377")
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
#: A button's label as locales and reports make them.
labels = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)


def letter(text: str = "Chào chị Lan", to: Address = LAN, **more: Any) -> Letter:
    return Letter(1, to, text, **more)


@pytest.mark.parametrize("typed", ["*Lan*", "<b>Lan</b>", "_x_ [a](https://x)", "&amp; <", "`rm`", "||ẩn||", "\\*"])
def test_what_looks_like_markup_is_sent_as_typed(typed: str) -> None:
    """No mode of markup is asked for, so a name in stars or angle brackets arrives as it is and breaks no letter."""
    method, values = request(letter(f"Người báo: {typed}"))

    assert (method, values["text"]) == ("sendMessage", f"Người báo: {typed}")
    assert "parse_mode" not in values
    assert "entities" not in values


@given(st.text())
def test_any_text_can_be_written_on_the_wire(text: str) -> None:
    """Halves of pairs, NULs and control signs, which Telegram refuses, are gone; everything else is left."""
    said = request(letter(text + "\ud83d\x00Lan\ud83d"))[1]["text"]

    assert said.encode("utf-8")
    assert "\x00" not in said
    assert said.endswith("Lan")
    assert json.loads(json.dumps({"text": said})) == {"text": said}


def test_one_time_links_are_opened_by_nobody_before_the_person() -> None:
    """No preview is asked for: Telegram would open the office's link and use it up."""
    assert request(letter("https://nhacviec.example/b/abc"))[1]["link_preview_options"] == {"is_disabled": True}


@pytest.mark.parametrize(
    ("text", "fits"),
    [("ạ" * CAPTION, True), ("ạ" * (CAPTION + 1), False), ("😀" * 512, True), ("😀" * 513, False), ("", True)],
)
def test_a_caption_is_counted_as_telegram_counts(text: str, fits: bool) -> None:
    """In units of UTF-16, where a face is two: what is over is refused with the reason, never sent short."""
    sent = letter(text, file=b"x", file_name="a.xlsx", file_kind="x/y")
    if fits:
        assert (request(sent)[1]["caption"] or "") == text
        return
    with pytest.raises(SendFailed, match="refused the letter") as failed:
        request(sent)
    assert (failed.value.permanent, failed.value.written) == (False, False)


@pytest.mark.parametrize("reply_to", ["l5", "-4", "12 ", "١٢x", "", None])
def test_only_a_number_of_theirs_is_answered(reply_to: str | None) -> None:
    """A message id of another channel, after a fall-over, is left out and the letter goes without it."""
    assert "reply_parameters" not in request(letter(reply_to=reply_to))[1]


def test_a_message_deleted_meanwhile_stops_no_answer() -> None:
    """Lan deletes what she wrote before the answer goes: it is sent all the same."""
    assert request(letter(reply_to="77"))[1]["reply_parameters"]["allow_sending_without_reply"]


def test_what_goes_is_what_the_library_would_write() -> None:
    """Keyboard, answer and preview look on the wire as python-telegram-bot's own objects for them do."""
    buttons = (Button("Đã xong", "41:1:done"), Button("Đang làm", "41:1:doing"))
    _, values = request(letter(buttons=buttons, reply_to="77"))

    keys = [InlineKeyboardButton(one.label, callback_data=one.data) for one in buttons]
    assert values["reply_markup"] == InlineKeyboardMarkup([keys]).to_dict()
    assert values["reply_parameters"] == ReplyParameters(77, allow_sending_without_reply=True).to_dict()
    assert values["link_preview_options"] == LinkPreviewOptions(is_disabled=True).to_dict()


@pytest.mark.parametrize("peer", ["lan", "", "1.5", "12;", "1" * 21, "--1", "١٢٣a"])
def test_an_address_of_another_kind_is_dead(peer: str) -> None:
    """A peer that no chat of Telegram's can have is permanently wrong, and nothing was written."""
    with pytest.raises(SendFailed) as failed:
        request(letter(to=Address("telegram", "7000000001", peer)))
    assert (failed.value.permanent, failed.value.written) == (True, False)


@given(st.lists(labels, max_size=30))
def test_no_button_is_lost_and_none_is_squeezed(written: list[str]) -> None:
    """All buttons in their order; at most four a row; two share a row only where each label can still be read."""
    rows = keyboard([Button(label, f"41:0:{place}") for place, label in enumerate(written)])["inline_keyboard"]

    assert [key["callback_data"] for row in rows for key in row] == [f"41:0:{place}" for place in range(len(written))]
    assert all(1 <= len(row) <= 4 for row in rows)
    assert all(len(row) == 1 or max(units(key["text"]) for key in row) * len(row) <= 30 for row in rows)


@pytest.mark.parametrize(
    ("wide", "high", "photo"),
    [
        (800, 600, True),
        (9000, 1000, True),
        (9000, 1001, False),
        (2000, 100, True),
        (2001, 100, False),
        (100, 2001, False),
        (0, 0, False),
        (0, 5, False),
    ],
)
def test_a_picture_telegram_would_refuse_goes_as_a_document(wide: int, high: int, photo: bool) -> None:
    """At most 10,000 in width and height together and twenty times as long as wide, and something must be in it."""
    assert goes_as_photo(PNG + wide.to_bytes(4) + high.to_bytes(4), "image/png") is photo


@pytest.mark.parametrize("cut", range(8, 24, 3))
def test_a_picture_cut_short_breaks_nothing(cut: int) -> None:
    """A file that ends in its own head is no picture Telegram shows, and no error."""
    assert not goes_as_photo((PNG + (8).to_bytes(4) + (6).to_bytes(4))[:cut], "image/png")
