"""The sign of the paper that the unit issued (45/KH-UBND), told from what is cited and from resolutions."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.reading.letters import bare
from bot.reading.numbers import value_of
from bot.reading.units import Unit, is_at

_OFFICIAL = {
    bare(sign.lower()): sign
    for sign in ("KH", "QĐ", "BC", "TB", "TTr", "CV", "CTr", "UBND", "HĐND", "NQ", "ĐU", "ĐA", "PA", "CĐ")
}
#: Telex keys left raw.
_OFFICIAL |= {"qdd": "QĐ", "bcd": "BCĐ", "hddnd": "HĐND", "ddu": "ĐU", "cdd": "CĐ"}
#: The party's provincial and central committees; no unit issues under their names.
_FROM_ABOVE = re.compile(r"/T[UW]$")
_PARTS = re.compile(r"[\s]+")
#: what a paper's name begins with
_BEGINNINGS = frozenset({"resolution_word", "paper", "number_word", "sign"})
_ISSUING = ("sent", "was_sent", "established", "signed", "finished")
#: what may stand between a body, what it does and the paper: "Sở vừa mới gửi công văn"
_BETWEEN = ("did", "just", "already", "past_time", "day_past", "now", "noun", "paper", "number_word", "resource")
#: what may stand between the word of citing and a paper: "căn cứ kế hoạch 210 của tỉnh và công văn 1188"
_AMONG_CITED = ("number_word", "paper", "noun", "outside", "cited", "answer", "and", "resolution", "of_word")
#: who is written to, waited for or cited issues nothing: "đã gửi Sở công văn 88"
_BEFORE_OTHERS = ("sent", "was_sent", "submitted", "handed_up", "citing", "until", "pass_on", "answer", "of_word")


def official(sign: str) -> str:
    """No spaces, and each part as the decree on paperwork spells it."""
    tight = re.sub(r"\s*([/-])\s*", r"\1", re.sub("d9", "đ", sign.strip().replace("–", "-"), flags=re.IGNORECASE))
    tight = _PARTS.sub("-", tight)
    return re.sub(r"[^\W\d_]+", lambda part: _OFFICIAL.get(bare(part.group().lower()), part.group().upper()), tight)


def is_resolution(sign: str) -> bool:
    """'59-NQ/TW' and '12/NQ-HĐND' name a resolution, '45/KH-UBND' a paper."""
    return "NQ" in re.split(r"[/-]", official(sign))[1:2]


def documented(row: Sequence[Unit], resolutions: frozenset[int]) -> list[Unit]:
    """Signs become 'document', 'cited' or 'resolution' units; the date of a paper goes with it."""
    whole: list[Unit] = []
    at = 0
    while at < len(row):
        if _BEGINNINGS.isdisjoint(row[at].tags):
            whole.append(row[at])
            at += 1
            continue
        unit, after = _paper(row, at, resolutions)
        if (
            unit
            and unit.tag == "document"
            and (_is_another_body_s(str(unit.value), whole, row, at, after) or _FROM_ABOVE.search(str(unit.value)))
        ):
            unit = Unit(("cited",), unit.value, unit.text, unit.start, unit.end)
        if unit and unit.tag in {"document", "cited"}:
            dated = _past_its_date(row, after)
            if unit.tag == "document" and (dated > after or row[at].of("paper")):
                unit = replace(unit, tags=("document", "told_paper"))  # "báo cáo số 19/BC-UBND ngày 12/1"
            after = dated
        whole.append(unit or row[at])
        at = after if unit else at + 1
    return whole


def _paper(row: Sequence[Unit], at: int, resolutions: frozenset[int]) -> tuple[Unit | None, int]:
    unit = row[at]
    if unit.of("resolution_word"):
        return _named_resolution(row, at)
    kind = value_of(unit, "paper") if unit.of("paper") else ""
    place = at + (1 if kind else 0)
    said_number = bool(kind) and unit.spelled.split()[-1] == "so"
    if place < len(row) and row[place].of("number_word"):
        said_number, place = True, place + 1
    if place < len(row) and row[place].tag == "sign":
        return _signed(row, at, place)
    if _is_number(row, place) and (kind or said_number):
        return _numbered(row, at, place, kind, resolutions if not said_number else None)
    return None, at


def _is_number(row: Sequence[Unit], at: int) -> bool:
    """'1.200' counts something: no paper and no resolution is so numbered."""
    return at < len(row) and row[at].tag == "number" and str(row[at].value).isdigit()


def _signed(row: Sequence[Unit], at: int, place: int) -> tuple[Unit, int]:
    sign = official(row[place].text)
    if is_resolution(sign):
        return _joined("resolution", str(int(re.split(r"\D", sign, maxsplit=1)[0])), row, at, place + 1)
    return _joined("document", sign, row, at, place + 1)


def _numbered(
    row: Sequence[Unit], at: int, place: int, kind: str, resolutions: frozenset[int] | None
) -> tuple[Unit | None, int]:
    """'kế hoạch số 45', 'kh 45', 'ban hành số 45'; 'kh 59' is a task whose resolution is 59, without 'số'."""
    number = str(row[place].value)
    counts = place + 1 < len(row) and row[place + 1].of("percent_word", "unit_noun", "day_word", "resolution_word")
    counts = counts and not _speaks_next(row, place + 1) and not _is_dated(row, place + 1)
    if (counts and resolutions is not None) or (not kind and not _issued(row, at, place)):
        return None, at
    if is_at(row, place + 1, "slash") and place + 2 < len(row) and row[place + 2].text.isupper():
        return _joined("document", official(f"{number}/{row[place + 2].text}"), row, at, place + 3)  # "217/CAX"
    if kind and resolutions is not None and int(number) in resolutions:
        return _joined("resolution", str(int(number)), row, at, place + 1)
    return _joined("document", f"{number}/{kind}" if kind else number, row, at, place + 1)


def _speaks_next(row: Sequence[Unit], at: int) -> bool:
    """'công văn 302 xã gửi đi rồi': 'xã' is who sent it, and counts nothing."""
    return row[at].of("person") and at + 1 < len(row) and row[at + 1].of("sent", "did", "signed", "established")


def _is_dated(row: Sequence[Unit], at: int) -> bool:
    """'công văn 310 ngày 4/2'"""
    return row[at].of("day_word") and at + 1 < len(row) and row[at + 1].tag in {"pair", "full_date"}


def _issued(row: Sequence[Unit], at: int, place: int) -> bool:
    """A bare 'số 45' is a paper only beside a word of issuing: 'ban hành số 45'."""
    if is_at(row, at - 1, "any_paper"):
        return True
    near = (*row[max(0, at - 5) : at], *row[place + 1 : place + 3])
    return any(unit.of("sent", "was_sent", "signed", "established", "submitted", "paper") for unit in near)


def _named_resolution(row: Sequence[Unit], at: int) -> tuple[Unit | None, int]:
    place = at + 1
    if place < len(row) and row[place].of("number_word"):
        place += 1
    if _is_number(row, place):
        return _joined("resolution", str(int(str(row[place].value))), row, at, place + 1)
    if place < len(row) and row[place].tag == "sign":
        return _joined("resolution", str(int(re.split(r"\D", row[place].text, maxsplit=1)[0])), row, at, place + 1)
    return None, at


def _joined(tag: str, value: str, row: Sequence[Unit], at: int, after: int) -> tuple[Unit, int]:
    text = " ".join(unit.text for unit in row[at:after])
    return Unit((tag,), value, text, row[at].start, row[after - 1].end), after


def _is_cited(before: Sequence[Unit]) -> bool:
    for at in range(len(before) - 1, max(len(before) - 6, -1), -1):
        unit = before[at]
        if unit.of("received", "not_received", "lack", "waiting", "have_not", "have_no"):
            return True  # "chưa nhận được công văn 22": another's, that is waited for
        if unit.of("citing"):
            return not is_at(before, at - 1, "sent", "was_sent", "established")  # "thành lập theo Quyết định số 11"
        if not unit.of(*_AMONG_CITED):
            return False
    return False


def _is_another_body_s(sign: str, before: Sequence[Unit], row: Sequence[Unit], at: int, after: int) -> bool:
    asks = any(unit.of("querying") for unit in row[after : after + 2])  # "công văn 96 hỏi Sở" is no product
    return (
        asks
        or _is_cited(before)
        or _is_theirs(row, after)
        or _sent_by_another(before, signed="-" in sign)
        or _is_guidance(row, at)
    )


def _sent_by_another(before: Sequence[Unit], *, signed: bool) -> bool:
    """'Sở vừa gửi công văn 88': the paper is that of the body that sent it; with its own sign the officer's own."""
    at = len(before) - 1
    issued = False
    while at >= 0 and before[at].of(*_ISSUING, *_BETWEEN):
        issued = issued or before[at].of(*_ISSUING)
        at -= 1
    if not issued or at < 0 or before[at].tag != "outside":
        return False
    return not (before[at].of("own_body") and signed) and not is_at(before, at - 1, *_BEFORE_OTHERS)


def _is_guidance(row: Sequence[Unit], at: int) -> bool:
    """'đã có hướng dẫn số 30/HD-STC': what tells a unit how to work is no product of its own."""
    return any(value_of(unit, "resource") == "guidance" for unit in row[max(0, at - 2) : at + 1])


def _is_theirs(row: Sequence[Unit], after: int) -> bool:
    """'công văn 12 của tỉnh' is another's paper."""
    if is_at(row, after, "then") and is_at(row, after + 1, "of_word"):
        after += 1  # "kế hoạch 210 là của tỉnh"
    return is_at(row, after, "of_word", "out_of", "from") and is_at(row, after + 1, "outside")


def _past_its_date(row: Sequence[Unit], after: int) -> int:
    """'45/KH-UBND ngày 18/9', 'plan 45/KH-UBND of 18 Sept': the date is the paper's, no deadline."""
    place = after
    if place < len(row) and row[place].of("day_word", "dated"):
        place += 1
        if place < len(row) and row[place].tag in {"pair", "full_date", "number"}:
            return place + 1
    return after
