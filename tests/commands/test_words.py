"""Every text of the command line that is named in the code exists, and none is left over."""

from __future__ import annotations

import ast
from pathlib import Path

from bot.wording import catalogue

ROOT = Path(__file__).resolve().parents[2]
FILES = [*sorted((ROOT / "bot/commands").glob("*.py")), ROOT / "bot/assembly.py"]


def nodes() -> list[ast.AST]:
    """All of the command line's code."""
    return [node for path in FILES for node in ast.walk(ast.parse(path.read_text("utf-8")))]


def own_keys() -> set[str]:
    """The texts under cli., without it."""
    ids = (message.id if isinstance(message.id, str) else message.id[0] for message in catalogue("vi"))
    return {str(key).removeprefix("cli.") for key in ids if str(key).startswith("cli.")}


def test_the_command_line_has_words_for_all_it_says() -> None:
    """Each said("key") names a text; texts with families such as said(f"rule.{…}") have members."""
    said = [
        node.args[0]
        for node in nodes()
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "said" and node.args
    ]
    plain = {key.value for key in said if isinstance(key, ast.Constant)}
    families = {str(key.values[0].value) for key in said if isinstance(key, ast.JoinedStr)}  # type: ignore[attr-defined]

    assert plain - own_keys() == set()
    assert [family for family in families if not any(key.startswith(family) for key in own_keys())] == []


def test_no_text_of_the_command_line_is_left_over() -> None:
    """A key that nothing names any more leaves the catalogues."""
    written = {node.value for node in nodes() if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    named = {text.removeprefix("cli.") for text in written}
    begins = {str(getattr(node.values[0], "value", "")) for node in nodes() if isinstance(node, ast.JoinedStr)}
    families = tuple(text.removeprefix("cli.") for text in begins if text.endswith((".", "_")) and len(text) > 4)

    assert {key for key in own_keys() if key not in named and not key.startswith(families)} == set()
