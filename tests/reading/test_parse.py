"""The door of `nhacviec parse`: one line out for each line in, as the contract writes it."""

import json

import pytest

from bot.reading.parse import parse_lines

ASKED = {
    "text": "xin gia hạn việc 2 đến 25/9",
    "today": "2025-09-15",
    "reply_to": None,
    "tasks": [
        {"id": 41, "title": "Kế hoạch thực hiện Nghị quyết 57", "resolution": "57-NQ/TW", "due": "2025-09-20"},
        {
            "id": 17,
            "title": "Kế hoạch thực hiện Nghị quyết 59",
            "resolution": "59-NQ/TW",
            "due": "2025-09-20T17:00:00+07:00",
        },
    ],
}


def answer(line: object) -> tuple[str, bool]:
    written = line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode()
    (answered,) = parse_lines([written])
    return answered


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"today": "2025-09-15"}, "text must be a string (it is missing)"),
        ({"text": 7, "today": "2025-09-15"}, "text must be a string, not 7"),
        ({"text": "xong"}, "today must be a date such as 2025-09-15 (it is missing)"),
        ({"text": "xong", "today": "15/9/2025"}, 'today must be a date such as 2025-09-15, not "15/9/2025"'),
        ({"text": "xong", "today": 20250915}, "today must be a date such as 2025-09-15, not 20250915"),
        (
            {"tasks": [{"id": 1}, {"id": 2, "due": "20/9"}]},
            'tasks[1].due must be a date such as 2025-09-15, not "20/9"',
        ),
        ({"tasks": [{"title": "Kế hoạch"}]}, "tasks[0].id must be a whole number (it is missing)"),
        ({"tasks": [{"id": "1"}]}, 'tasks[0].id must be a whole number, not "1"'),
        ({"tasks": [{"id": 1, "title": 3}]}, "tasks[0].title must be a string, not 3"),
        ({"tasks": [3]}, "tasks[0] must be a JSON object, not 3"),
        ({"tasks": {}}, "tasks must be a list of JSON objects, not {}"),
        ({"tasks": [{"id": 4}, {"id": 4}]}, "tasks: id 4 is given twice, each task needs an id of its own"),
        ({"reply_to": "4"}, 'reply_to must be a whole number or null, not "4"'),
    ],
)
def test_an_error_names_the_field_and_what_belongs_there(line: dict[str, object], told: str) -> None:
    """Whoever sends lines is told which field is wrong, what was expected, and what was found."""
    whole = (
        line if "text" in line or line == {"today": "2025-09-15"} else {"text": "xong", "today": "2025-09-15"} | line
    )
    [(said, ok)] = parse_lines([json.dumps(whole).encode()])
    assert (json.loads(said), ok) == ({"error": told}, False)


def test_the_contracts_own_example() -> None:
    """The example of the contract, byte for byte: keys in order, nothing escaped."""
    items = '[{"task": 17, "kind": "extension", "percent": null, "due": "2025-09-25", "document": null}]'
    assert answer(ASKED) == (f'{{"items": {items}, "certain": true, "lang": "vi"}}', True)


def test_what_may_be_left_out() -> None:
    """No reply_to and no tasks: nothing open, so the task is unknown and the answer uncertain."""
    line, ok = answer({"text": "xong rồi", "today": "2025-09-15"})
    assert ok
    assert json.loads(line)["items"][0]["task"] is None
    assert json.loads(line)["certain"] is False


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"NaN",
        b'{"text": 1, "today": "2025-09-15"}',
        b'{"text": "x"}',
        b'{"text": "x", "today": "15/9/2025"}',
        b'{"text": "x", "today": "2025-09-15", "tasks": {}}',
        b'{"text": "x", "today": "2025-09-15", "tasks": [1]}',
        b'{"text": "x", "today": "2025-09-15", "tasks": [{"title": "a"}]}',
        b'{"text": "x", "today": "2025-09-15", "tasks": [{"id": 1, "due": "soon"}]}',
        b'{"text": "x", "today": "2025-09-15", "reply_to": "41"}',
        b'{"text": "x", "today": "2025-09-15", "reply_to": true}',
        b"[" * 100_000,
    ],
)
def test_an_invalid_line_is_told_and_the_rest_goes_on(line: bytes) -> None:
    """An error in its place, and the next line is read."""
    told = list(parse_lines([line, json.dumps(ASKED).encode()]))
    assert [ok for _, ok in told] == [False, True]
    assert set(json.loads(told[0][0])) == {"error"}
