"""The pages tell the truth: settings and commands stand in README, rooms in ARCHITECTURE, and named pages exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.settings import setting_names

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE")
#: Folders and files at the top of a room that need no line of their own.
UNNAMED = ("__init__.py", "__pycache__", "__main__.py")


def page(name: str) -> str:
    """A page's text; an absent page fails the test that needs it."""
    path = ROOT / name
    assert path.is_file(), f"{name} is missing"
    return path.read_text(encoding="utf-8")


def table_rows(text: str) -> list[str]:
    """The rows of all tables of a page."""
    return [line for line in text.splitlines() if line.startswith("|")]


def command_names() -> Iterator[str]:
    """Every command as typed: "run", "import units"."""
    from typer.main import get_command

    from bot.commands.table import app

    def names(command: Any, before: str) -> Iterator[str]:
        for name, inner in command.commands.items():
            if inner.hidden:
                continue
            if hasattr(inner, "commands"):
                yield from names(inner, f"{before}{name} ")
            else:
                yield f"{before}{name}"

    return names(get_command(app), "")


def rooms() -> list[str]:
    """What ARCHITECTURE has to name: files and folders of bot/ (post_ready.py stands with post.py), other folders."""
    inside = [entry for entry in sorted((ROOT / "bot").iterdir()) if entry.name not in UNNAMED]
    names = {entry.name for entry in inside}
    apart = [entry for entry in inside if f"{entry.name.partition('_')[0]}.py" not in names - {entry.name}]
    named = [f"{entry.name}/" if entry.is_dir() else entry.name for entry in apart]
    return [*named, "handlers/", "scheduler/", "scheduler/rules/", "locales/", "tests/"]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_exists(name: str) -> None:
    """A newcomer finds what, how, since when and under which terms."""
    assert len(page(name)) > 200


def test_every_setting_is_in_the_readme() -> None:
    """Each NHACVIEC_ name has a row in README's table of settings."""
    rows = "\n".join(table_rows(page("README.md")))

    assert [name for name in setting_names() if f"`{name}`" not in rows] == []


def test_the_readme_names_no_setting_that_is_none() -> None:
    """What README tells people to set has an effect."""
    named = set(re.findall(r"\bNHACVIEC_[A-Z_]*[A-Z]\b", page("README.md")))

    assert named - set(setting_names()) - {"NHACVIEC_TEST_DATABASE_URL"} == set()


def test_every_command_is_in_the_readme() -> None:
    """Each command of the command line is told."""
    readme = page("README.md")

    assert [name for name in command_names() if not re.search(rf"nhacviec {name}\b", readme)] == []


def test_the_readme_names_no_command_that_is_none() -> None:
    """What README tells people to type can be typed."""
    known = set(command_names())
    words = {name.split()[0] for name in known}
    named = set(re.findall(r"`nhacviec ([a-z]+)", page("README.md")))

    assert named - words == set()


def test_every_target_of_make_is_told() -> None:
    """README or ARCHITECTURE names each make target."""
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    told = page("README.md") + page("ARCHITECTURE.md")

    assert targets
    assert [target for target in targets[1].split() if not re.search(rf"make {target}\b", told)] == []


@pytest.mark.parametrize("room", rooms())
def test_every_room_is_in_the_architecture(room: str) -> None:
    """Each room has its place on the one page that explains the house."""
    name = re.escape(room.rstrip("/").rpartition("/")[2].removesuffix(".py"))

    assert re.search(rf"(?<!\w){name}(?:\.py|/)", page("ARCHITECTURE.md")), f"ARCHITECTURE.md does not name {room}"


def test_every_page_that_is_named_exists() -> None:
    """A page or picture that another page, or a comment, points to is there."""
    wrong = []
    for folder in (".", "bot", "handlers", "scheduler", "tests", "benchmarks"):
        for path in (ROOT / folder).glob("*" if folder == "." else "**/*"):
            if path.suffix in (".py", ".md", ".toml") and path != Path(__file__):
                text = path.read_text(encoding="utf-8")
                named = re.findall(r"\b([A-Z][A-Z_]+\.md)\b", text)
                linked = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text) if path.suffix == ".md" else []
                wrong += [f"{path.name} names {name}" for name in named if not (ROOT / name).exists()]
                wrong += [f"{path.name} links {link}" for link in linked if not (path.parent / link).exists()]

    assert wrong == []


def test_the_changelog_speaks_of_the_version() -> None:
    """What is installed has a heading in CHANGELOG."""
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)

    assert version
    assert re.search(rf"^## .*{re.escape(version[1])}", page("CHANGELOG.md"), re.MULTILINE)
