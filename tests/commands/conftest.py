"""The command line as an operator types it, in a folder of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.assembly import clock_of, open_store
from bot.commands.table import app
from bot.contacts import Role
from bot.joining_codes import draw_code
from bot.messages import Address
from bot.settings import load_settings
from bot.store.engine import Store
from bot.store.joining import InviteFound

Typed = Callable[..., Result]
UNITS = """mã,tên,loại
91,Tỉnh Kiên Giang,tỉnh
VP01,Văn phòng UBND tỉnh,văn phòng
30607,Xã Bình Hòa,xã
30608,Phường Mỹ Thới,phường
"""


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Commands set up logging for their own process; the tests' own comes back."""
    root = logging.getLogger()
    before = root.handlers, root.level
    yield
    root.handlers, root.level = before[0], before[1]


@pytest.fixture
def nhacviec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types a command; settings are given as data_dir=…, language=…"""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NHACVIEC_DATA_DIR", str(tmp_path / "data"))

    def typed(*words: str, **settings: str) -> Result:
        with pytest.MonkeyPatch.context() as here:
            for name, value in settings.items():
                here.setenv(f"NHACVIEC_{name.upper()}", value)
            return CliRunner().invoke(app, list(words))

    return typed


@pytest.fixture
def units_file(tmp_path: Path) -> Path:
    """A small province's list."""
    path = tmp_path / "don-vi.csv"
    path.write_text(UNITS, "utf-8")
    return path


@pytest.fixture
def province(nhacviec: Typed, units_file: Path) -> Typed:
    """A real province founded by its list."""
    assert nhacviec("import", "units", str(units_file)).exit_code == 0
    return nhacviec


def opened(folder: Path, *, sample: bool = False) -> Store:
    """The store of a data folder."""
    return open_store(load_settings({"NHACVIEC_DATA_DIR": str(folder)}), sample_if_empty=sample)


@pytest.fixture
def sample(nhacviec: Typed, tmp_path: Path) -> Typed:
    """The sample province, in which Lan of Xã Bình Hòa has joined and agreed."""
    store = opened(tmp_path / "data", sample=True)
    now = clock_of(store).now()

    def join(book: object) -> None:
        unit = book.people.unit("30607")  # type: ignore[attr-defined]
        code = draw_code()
        book.joining.issue(code, unit.id, Role.CONTACT, now)  # type: ignore[attr-defined]
        found = book.joining.find(code, now)  # type: ignore[attr-defined]
        assert isinstance(found, InviteFound)
        person = book.joining.use(found.id, Address("local", "main", "lan"), "Lan", "vi", now)  # type: ignore[attr-defined]
        book.people.consent(person, "2026-11", now)  # type: ignore[attr-defined]

    store.write_now(join)
    store.close()
    return nhacviec
