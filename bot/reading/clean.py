"""The officer's own words: one Unicode form, no invisible signs, quotes, forwarded parts or signatures."""

import re
import unicodedata

#: more than anybody types in answer to a reminder; what is longer is asked about, not judged
LONGEST = 900

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)
#: where blanks are not one blank already
_SPACES = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
_BREAKS = dict.fromkeys("\r\u2028\u2029\x0b\x0c\x85", "\n")
#: what phones make of the apostrophe: "haven\u2019t"
_APOSTROPHES = dict.fromkeys("\u2018\u2019\u02bc\u2032\uff07", "'")
#: Khmer digits are digits: "ការងារទី២"
_DIGITS = dict(zip("\u17e0\u17e1\u17e2\u17e3\u17e4\u17e5\u17e6\u17e7\u17e8\u17e9", "0123456789", strict=True))
_SPELT_ALIKE = str.maketrans(_BREAKS | _APOSTROPHES | _DIGITS)
#: "6o%", "2o/9": the letter beside the zero, Latin or Cyrillic, between figures or behind one
_FIGURES = re.compile(r"(?<!\w)\d[\doOоО]*(?!\w)")
_ZEROS = str.maketrans(dict.fromkeys("oOоО", "0"))
_FORWARDED = re.compile(r"\[\s*(?:chuyển tiếp|chuyen tiep|forwarded|переслано|пересланное)", re.IGNORECASE)


def own_words(text: str) -> tuple[str, bool]:
    """The text to be judged, and whether all of it is there."""
    text = text.replace("\r\n", "\n").translate(_SPELT_ALIKE)
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text[: 64 * LONGEST]))
    words = "\n".join(_kept_lines(text.split("\n"))).strip()
    words = _FIGURES.sub(lambda figure: figure[0].translate(_ZEROS), words)
    return words[:LONGEST], len(words) <= LONGEST


def _kept_lines(lines: list[str]) -> list[str]:
    kept: list[str] = []
    forwarded = False
    for raw in lines:
        line = _SPACES.sub(" ", raw).strip()
        if line in {"--", "—"}:
            break
        if not line:
            forwarded = False
        elif _FORWARDED.match(line):
            forwarded = True
        elif not forwarded and not line.startswith(">"):
            kept.append(line)
    return kept
