"""What must not be read in a log is not in it, however it got there."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.processors import JSONRenderer
from structlog.stdlib import ProcessorFormatter

from bot import redaction
from bot.redaction import install, keep_secret, processor, redact

TOKEN = "7123456789:AAH9x-2Jq_canary0123456789abcdefghij"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What an ordinary handler writes, with redaction installed."""
    factory, hook, root = logging.getLogRecordFactory(), sys.excepthook, logging.getLogger()
    known, levels = set(redaction._known), {name: logging.getLogger(name).level for name in redaction._TALKATIVE}
    install()
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)
    logging.setLogRecordFactory(factory)
    sys.excepthook = hook
    redaction._known.clear()
    redaction._known.update(known)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (f"POST https://api.telegram.org/bot{TOKEN}/sendMessage", "POST https://api.telegram.org/bot7123456789:<token>/sendMessage"),
        (TOKEN.replace(":", "%3A"), "7123456789%3A<token>"),
        ("gọi 0912345678 nhé", "gọi <phone> nhé"),
        ("gọi 0912 345 678, 0912.345.678", "gọi <phone>, <phone>"),
        ("+84 912 345 678 và 84912345678", "<phone> và <phone>"),
        ("máy bàn 0296 3852 345", "máy bàn <phone>"),
        ("máy bàn 02963852345", "máy bàn <phone>"),
        ("máy (0297) 3862 111, (024)38251234", "máy <phone>, <phone>"),
        ("(0912) 345 678 hoặc (+84) 912 345 678", "<phone> hoặc <phone>"),
        ("em Lan (0912 345 678)", "em Lan (<phone>)"),
        ("zalo/Lan.Nguyen@angiang.gov.vn.", "zalo/<email>."),
        ("CCCD:089190001234, 089 190 001 234", "CCCD:<citizen>, <citizen>"),
        ("postgresql://nhacviec:s3cret@db/nhacviec", "postgresql://nhacviec:<password>@db/nhacviec"),
    ],
)  # fmt: skip
def test_secrets_and_telephones_are_taken_out(given: str, shown: str) -> None:
    """Tokens, passwords, e-mail addresses, citizens' and telephone numbers are replaced by what they were."""
    assert redact(given) == shown


@pytest.mark.parametrize(
    "plain",
    [
        "2026-11-23 03:46:30.123456 took 0.0234567891 s",
        "2025-09-20T17:00:00+07:00",
        "telegram:7123456789:551203377",
        "m:551203377:311:1757894460",
        "KH 45/KH-UBND, hạn 20/9/2025, 119 đơn vị",
        "zalo:8417000111222333:3f9c2b1a0d4e5f6a7b8c",
        "0 of 1234567890",
        "45/KH-UBND (02/9/2025), 012/TB-VPUBND, công văn 1234567/CV",
        "postgresql://nhacviec@db.tinh.vn/nhacviec",
        "took 0.089190001234 s, chat -100123456789, nhacviec@1.2.3",
        "chi 100.000.000.000 đồng, (02) 9/10 chỉ tiêu",
    ],
)
def test_ordinary_figures_stay(plain: str) -> None:
    """Times, addresses, message ids and document numbers are still readable."""
    assert redact(plain) == plain


def test_a_known_secret_is_taken_out_in_any_form(written: io.StringIO) -> None:
    """What was named as a secret is never printed, whatever it looks like; a short word is no secret."""
    keep_secret("mat-khau-cua-tinh", "vi")
    logging.warning("opening with %s in vi", "mat-khau-cua-tinh")
    assert written.getvalue() == "opening with <secret> in vi\n"


def test_arguments_exceptions_and_stacks_are_redacted(written: io.StringIO) -> None:
    """A secret in an argument, an error's text, its cause or a stack never reaches a handler."""
    try:
        try:
            raise ValueError(f"no route to /bot{TOKEN}/getMe")
        except ValueError as error:
            raise RuntimeError("call 0912345678") from error
    except RuntimeError:
        logging.exception("asking %s failed", TOKEN, stack_info=True)
    text = written.getvalue()
    assert "asking 7123456789:<token> failed" in text
    assert "RuntimeError: call <phone>" in text
    assert "no route to /bot7123456789:<token>/getMe" in text
    assert TOKEN.partition(":")[2] not in text


def test_a_handler_added_later_sees_no_secret(written: io.StringIO) -> None:
    """Redaction stands at the record: no handler or formatter has to know of it, and none loses a traceback by it."""
    seen = []

    class Own(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(f"{record.msg} {record.args} {record.exc_info} {record.exc_text}")
            seen.append(ProcessorFormatter(JSONRenderer()).format(record))

    own = Own()
    logging.getLogger("somewhere").addHandler(own)
    try:
        raise OSError(TOKEN)
    except OSError:
        logging.getLogger("somewhere").exception("with %s", TOKEN)
    logging.getLogger("somewhere").removeHandler(own)
    for line in seen:
        assert TOKEN not in line
        assert "OSError: 7123456789:<token>" in line


def test_a_wrongly_written_log_line_is_still_told(written: io.StringIO) -> None:
    """A line whose arguments don't fit loses neither its words nor the process."""
    logging.getLogger("careless").warning("of %s and %s", TOKEN)  # noqa: PLE1206  (the carelessness itself)
    assert "of %s and %s" in written.getvalue()
    assert TOKEN not in written.getvalue()


def test_talkative_libraries_are_kept_quiet(written: io.StringIO) -> None:
    """httpx names whole addresses, token included, at INFO: its level is raised as well."""
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    assert not logging.getLogger("httpcore.connection").isEnabledFor(logging.INFO)
    assert not logging.getLogger("telegram.Bot").isEnabledFor(logging.DEBUG)


def test_structlog_events_are_redacted_through_and_through() -> None:
    """Every value of an event is looked at, in lists and mappings too; numbers stay numbers."""
    event = {"event": f"bot {TOKEN}", "error": OSError(TOKEN), "n": 5, "ok": None, "in": {"a": [TOKEN, 0.5]}}
    assert processor(None, "info", event) == {
        "event": "bot 7123456789:<token>",
        "error": "7123456789:<token>",
        "n": 5,
        "ok": None,
        "in": {"a": ["7123456789:<token>", 0.5]},
    }


def test_last_words_name_no_secret() -> None:
    """What a dying process prints on its own is redacted too."""
    dying = f"from bot.redaction import install; install(); raise OSError('bot{TOKEN}')"
    root = Path(redaction.__file__).parents[1]
    died = subprocess.run([sys.executable, "-c", dying], cwd=root, capture_output=True, text=True, check=False)
    assert died.returncode == 1
    assert "OSError: bot7123456789:<token>" in died.stderr
    assert TOKEN not in died.stderr
