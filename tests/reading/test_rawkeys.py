"""Telex and VNI keys that the phone left raw give the word that was meant."""

import re

import pytest

from bot.reading import Kind
from bot.reading.accuracy import own_examples
from bot.reading.examples import same
from bot.reading.letters import key
from bot.reading.lexicon import load
from bot.reading.rawkeys import telex, vni
from bot.reading.reader import read
from tests.reading.told import told

SIGNS = "ăâđêôơư"
TELEX = dict(zip("12345", "sfrxj", strict=True))
TELEX |= dict(zip(SIGNS, ("aw", "aa", "dd", "ee", "oo", "ow", "uw"), strict=True))
VNI = dict(zip(SIGNS, ("a8", "a6", "d9", "e6", "o6", "o7", "u7"), strict=True))
MARKED = [
    word for word in sorted(load("vi").keys) if not word.isascii() and word.isalnum() and not word.startswith("v")
]
TASK_KINDS = {Kind.DONE, Kind.PROGRESS, Kind.NOT_STARTED, Kind.BLOCKED, Kind.EXTENSION}


def typed(text: str, keys: dict[str, str]) -> str:
    """Every marked word as its keys are pressed, the tone's last."""
    return re.sub(r"[^\W\d_]+", lambda word: word[0] if word[0].isascii() else pressed(key(word[0]), keys), text)


def pressed(word: str, keys: dict[str, str]) -> str:
    return "".join(keys.get(letter, letter) for letter in word)


def test_every_listed_word_may_be_typed_in_raw_telex() -> None:
    """No word that we know is out of reach of an officer whose phone leaves Telex raw."""
    assert [word for word in MARKED if telex(pressed(word, TELEX)) != word] == []


def test_every_listed_word_may_be_typed_in_raw_vni() -> None:
    """No word that we know is out of reach of an officer whose phone leaves VNI raw."""
    assert [word for word in MARKED if vni(pressed(word, VNI)) != word] == []


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("roofi", "rồi"),
        ("rooif", "rồi"),
        ("ddang", "đang"),
        ("dangd", "đang"),
        ("lafm", "làm"),
        ("guwri", "gửi"),
        ("guwir", "gửi"),
        ("guiwr", "gửi"),
        ("chuaw", "chưa"),
        ("vuowngs", "vướng"),
        ("vuwowngs", "vướng"),
        ("vuowsng", "vướng"),
        ("dduwowcj", "được"),
        ("dduocwj", "được"),
        ("quyeets", "quyết"),
        ("wowcs", "ước"),
    ],
)
def test_telex_in_any_usual_order(raw: str, meant: str) -> None:
    """The hat, the horn and the tone may come where the finger put them."""
    assert telex(raw) == key(meant)


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("d9ang", "đang"),
        ("dang9", "đang"),
        ("la2m", "làm"),
        ("lam2", "làm"),
        ("chu7a", "chưa"),
        ("chua7", "chưa"),
        ("vu7o71ng", "vướng"),
        ("vuong71", "vướng"),
        ("roi62", "rồi"),
        ("ro62i", "rồi"),
        ("d9u7o75c", "được"),
        ("na8m", "năm"),
    ],
)
def test_vni_in_any_usual_order(raw: str, meant: str) -> None:
    """The digits may stand at their letter or after the word."""
    assert vni(raw) == key(meant)


@pytest.mark.parametrize("word", ["xong", "anh", "kinh", "ban", "nhanh", "quy", "tham", "hay"])
def test_plain_words_hold_no_telex_keys(word: str) -> None:
    """A word without marks that is a word already stays as it is."""
    assert telex(word) is None


@pytest.mark.parametrize("word", ["nq57", "ngay25", "kh45", "v10", "lan0"])
def test_a_number_glued_to_a_word_is_no_vni(word: str) -> None:
    """'nq57' names a resolution; its digits are no tones."""
    assert vni(word) is None


@pytest.mark.parametrize(
    ("raw", "meaning"),
    [
        ("xong roofi", "done"),
        ("DDAX GUWIR", "done"),
        ("Ddax guwri vawn banr", "done"),
        ("ddang lafm, dduwowcj 40%", "progress 40%"),
        ("chuwa xong", "progress"),
        ("chuwa lafm", "not_started"),
        ("ddang vuwowngs kinh phis", "blocked"),
        ("xin luif ddeens 25/9", "extension due=2025-09-25"),
        ("xin theem 3 ngafy", "extension due=2025-09-23"),
        ("ddax ban hanhf kees hoachj soos 45/kh-ubnd", "done doc=45/KH-UBND"),
        ("d9a4 xong", "done"),
        ("chu7a la2m", "not_started"),
        ("ga62n xong", "progress"),
        ("d9ang la2m, d9u7o75c mo6t5 nu7a3", "progress 50%"),
        ("xin gia ha5n d9e61n he61t tha1ng 9", "extension due=2025-09-30"),
    ],
)
def test_replies_typed_raw(raw: str, meaning: str) -> None:
    """A whole reply typed with the keys left raw, slots and all."""
    assert told(raw) == meaning


@pytest.mark.parametrize(("turn", "keys"), [(0, TELEX), (1, VNI)], ids=["telex", "vni"])
def test_raw_keys_never_change_a_status(turn: int, keys: dict[str, str]) -> None:
    """Typed raw, one half in each way, no example gives a certain status that was not meant: it is read or asked."""
    wrong = []
    for example in own_examples()["vi"][turn::2]:
        if example.text != example.text.lower() or example.text.isascii():
            continue
        context = example.context
        reading = read(typed(example.text, keys), context.today, context.tasks, context.reply_to)
        if (
            reading.certain
            and {item.kind for item in reading.items} & TASK_KINDS
            and not same(reading.items, example.reading().items)
        ):
            wrong.append(example.text)
    assert wrong == []
