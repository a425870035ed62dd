"""The mark of a state secret: MẬT, TỐI MẬT, TUYỆT MẬT as a stamp has it, not the word in a sentence."""

from __future__ import annotations

import re
import unicodedata

#: The mark with nothing around it, however its letters are spaced: "M Ậ T", "TỐI  MẬT".
_MARK = r"(?:t\s*u\s*y\s*ệ\s*t\s*m\s*ậ\s*t|t\s*ố\s*i\s*m\s*ậ\s*t|m\s*ậ\s*t)"
_LABEL = r"(?:mức\s+)?độ\s+(?:bảo\s+)?mật"
_COPY = r"(?:[\s,;.:–-]*\(?\s*bản\s+số\s*[:.]?\s*\d+\s*\)?)?"
_AROUND = r"[\s\"'“”«»()\[\]{}<>*_|.,:;!–—-]*"
#: A line of its own may be typed in any case.
_ALONE = re.compile(f"{_AROUND}(?:{_LABEL}{_AROUND})?{_MARK}{_COPY}{_AROUND}", re.IGNORECASE)
#: Inside a line only the stamp's capitals count, set apart by brackets or by the label of a form.
_BRACKETED = re.compile(r"[(\[]\s*(?:TUYỆT\s+MẬT|TỐI\s+MẬT|MẬT)\s*[)\]]")
_LABELLED = re.compile(
    r"\bđộ\s+(?:bảo\s+)?mật\s*[:–-]\s*(?:tuyệt\s+mật|tối\s+mật|mật)\s*(?:$|[.,;)\]\n])", re.IGNORECASE
)
#: The stamp's words in its capitals, in the middle of a sentence: "gửi kèm tài liệu TỐI MẬT số 5".
_IN_WORDS = re.compile(r"(?<!\w)(?:TUYỆT|TỐI)\s+MẬT(?!\w)")
#: The one word only where the sentence around it is in small letters, and it is no "BẢO MẬT", "MẬT ĐỘ", "MẬT KHẨU".
_ONE_WORD = re.compile(
    r"(?<!\w)(?<!BẢO )(?<!bảo )(?<!BÍ )(?<!bí )MẬT(?!\w)"
    r"(?!\s+(?:ĐỘ|MÃ|KHẨU|THIẾT|VỤ|ONG|THƯ|LỆNH|độ|mã|khẩu|thiết|ong))"
)
#: A stamp shares its line with other things only across a gap or a strong stop.
_GAPS = re.compile(r"\t|\s{2,}|[|.:;!]\s|\s[–—-]\s")
#: Signs nobody sees, which would otherwise hide a mark.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_BREAKS = re.compile(r"[\n\r\v\f\x85\u2028\u2029]+")


def secret_mark(text: str) -> bool:
    """Whether a mark stands in this text. Composed and decomposed letters, invisible signs between them: all one."""
    if text.isascii():
        return False
    plain = _plain(text)
    if "ậ" not in plain and "Ậ" not in plain:
        return False
    return any(_marked(line) for line in _BREAKS.split(plain) if line and not line.isspace())


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))


def _marked(line: str) -> bool:
    if "ậ" not in line and "Ậ" not in line:
        return False
    if len(line) < 200 and _ALONE.fullmatch(line):
        return True
    if _BRACKETED.search(line) or _LABELLED.search(line) or _IN_WORDS.search(line):
        return True
    if not line.isupper() and _ONE_WORD.search(line):
        return True
    return any(part.isupper() and len(part) < 200 and _ALONE.fullmatch(part) for part in _GAPS.split(line))
