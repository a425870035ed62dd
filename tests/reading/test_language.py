"""The language of a reply is told by the reply itself, and the rules hold in each."""

import re

import pytest

from bot.reading import read
from bot.reading.accuracy import own_examples
from bot.reading.clean import own_words
from bot.reading.language import told_apart
from bot.reading.tokens import tokens
from tests.reading.told import MONDAY, ONE, told


def lang(text: str) -> str:
    return read(text, MONDAY, ONE).lang


def proven(text: str) -> str:
    """The language alone, without the reading."""
    words, _ = own_words(text)
    return told_apart(words, tokens(words)).lang


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("xong rồi ạ", "vi"),
        ("xong roi a", "vi"),
        ("dang lam 40%", "vi"),
        ("XONG", "vi"),
        ("ddax guwri", "vi"),
        ("đã gửi file lên Google Drive", "vi"),
        ("ok anh", "vi"),
        ("done, sent it this morning", "en"),
        ("still working on it", "en"),
        ("not started yet", "en"),
        ("please extend to 25/9", "en"),
        ("готово", "ru"),
        ("ещё не начали", "ru"),
        ("план 45/KH-UBND отправлен", "ru"),
        ("រួចហើយ", "km"),
        ("កំពុងធ្វើ 40%", "km"),
        ("បានចេញផែនការ 45/KH-UBND ហើយ", "km"),
        ("80%", "vi"),
        ("👍", "vi"),
        ("", "vi"),
    ],
)
def test_the_language_of_a_reply(text: str, language: str) -> None:
    """By its letters, then by its words; what says nothing of itself is Vietnamese."""
    assert lang(text) == language


@pytest.mark.parametrize("language", ["vi", "en", "ru", "km"])
def test_examples_are_told_apart(language: str) -> None:
    """No reply of three words or more, of all those that prove a language, is taken for another's."""
    texts = [example.text for example in own_examples()[language] if len(re.findall("[^\\W\\d]+", example.text)) > 2]
    assert [text for text in texts if proven(text) != language] == []


@pytest.mark.parametrize(
    ("meaning", "replies"),
    [
        ("done", ("xong rồi", "done", "готово", "រួចហើយ")),
        ("progress", ("đang làm", "in progress", "в работе", "កំពុងធ្វើ")),
        ("progress", ("chưa xong", "not done yet", "ещё не готово", "មិនទាន់រួចទេ")),
        ("progress", ("gần xong", "almost done", "почти готово", "ជិតរួចហើយ")),
        ("progress 80%", ("80%, đang làm", "80%, in progress", "80%, в работе", "កំពុងធ្វើ 80%")),
        ("progress 80%", ("còn 20% nữa", "20% left", "осталось 20%", "នៅសល់ 20%")),
        ("progress 50%", ("được một nửa", "half done", "сделана половина", "បានពាក់កណ្តាល")),
        ("progress", ("dưới 50%", "less than 50%", "меньше 50%", "ក្រោម 50%")),
        ("not_started", ("chưa làm", "not started", "не начали", "មិនទាន់ចាប់ផ្តើម")),
        ("blocked", ("thiếu kinh phí", "no budget", "нет денег", "ខ្វះថវិកា")),
        ("extension", ("xin gia hạn", "need an extension", "прошу продлить срок", "សុំពន្យារពេល")),
        (
            "extension due=2025-09-25",
            ("xin lùi đến 25/9", "extend to 25/9 please", "прошу продлить до 25.09", "សុំពន្យារពេលដល់ 25/9"),
        ),
        (
            "extension due=2025-09-23",
            ("xin thêm 3 ngày", "3 more days please", "прошу ещё 3 дня", "សុំពន្យារពេល ៣ ថ្ងៃ"),
        ),
        ("ack", ("dạ rõ", "noted", "принято", "យល់ហើយ")),
        ("question", ("nộp ở đâu ạ?", "where do I send it?", "куда отправить?", "ផ្ញើទៅណា?")),
        ("other", ("chào anh", "hello", "здравствуйте", "សួស្តី")),
        ("correction task=-", ("gửi nhầm rồi", "sent by mistake, ignore it", "отправил по ошибке", "ផ្ញើច្រឡំ")),
        (
            "handover task=-",
            ("đầu mối mới là chị Lan", "Ms Lan is the new contact", "новое контактное лицо — Лан", "ផ្ទេរទៅ Lan"),
        ),
        ("unclear ?", ("chắc xong rồi", "probably done", "наверное готово", "ប្រហែលជារួចហើយ")),
    ],
)
def test_a_rule_holds_in_every_language(meaning: str, replies: tuple[str, ...]) -> None:
    """The same report in Vietnamese, English, Russian and Khmer is one report."""
    assert [told(reply) for reply in replies] == [meaning] * len(replies)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Mr Danh Sơn will be the contact for this one from now on", "en"),
        ("57 done", "en"),
        ("done r nha", "vi"),
        ("Ban chỉ đạo xong, gửi file lên Drive rồi", "vi"),
    ],
)
def test_names_and_lent_words_prove_no_language(text: str, language: str) -> None:
    """A marked name does not make English Vietnamese, nor a lent word Vietnamese English."""
    assert lang(text) == language
