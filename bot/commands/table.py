"""Every command, in one table; what goes wrong in a setting or a file is told in one line."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

import typer
from typer import rich_utils
from typer.core import TyperGroup

from bot.assembly import CannotStart
from bot.commands import book_lists, check_up, keep_store, look_ahead, serve_people, show_figures, teach_reader
from bot.commands.words import said, worded
from bot.settings import BrokenSetting

rich_utils.COMMANDS_PANEL_TITLE = said("help.commands")
rich_utils.OPTIONS_PANEL_TITLE = said("help.options")
rich_utils.ARGUMENTS_PANEL_TITLE = said("help.arguments")

#: What was typed wrong, of whatever kind: typer names but this one of them.
_Typed: type[Exception] = typer.BadParameter.__mro__[1]


class _InWords(TyperGroup):
    """All commands; what was typed wrong is one line in the operator's language."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except _Typed as wrong:
            _stop(_what_is_wrong(wrong, self))


def _what_is_wrong(wrong: Any, every: TyperGroup) -> str:
    """The sentence about a command that was not typed as it should be; typer's own words stand in its quotes."""
    why = wrong.format_message()
    command = wrong.ctx.command_path
    param = getattr(wrong, "param", None)
    what = max(param.opts, key=len) if param else getattr(wrong, "option_name", "")
    what = what if what.startswith("-") else what.upper()
    typed, *choices = re.findall(r"'([^']*)'", wrong.message) or [""]
    match type(wrong).__name__:
        case "MissingParameter":
            return said("wrong.missing", what=what, command=command)
        case "BadParameter" if choices:
            return said("wrong.choice", what=what, typed=typed, choices=tuple(choices))
        case "NoSuchOption":
            return said("wrong.option", what=what, command=command)
        case "UsageError" | "NoSuchCommand" if wrong.ctx.command is every and typed:
            return said("wrong.command", typed=typed, command=command)
        case _:
            return said("wrong.other", why=why, command=command)


app = typer.Typer(
    name="nhacviec",
    cls=_InWords,
    help=said("help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

COMMANDS: dict[str, Callable[..., None]] = {
    "run": serve_people.run,
    "demo": serve_people.demo,
    "talk": serve_people.talk,
    "parse": serve_people.parse,
    "import": book_lists.import_lists,
    "invite": book_lists.invite,
    "remind": look_ahead.remind,
    "summary": show_figures.summary,
    "export": show_figures.export,
    "learn": teach_reader.learn,
    "doctor": check_up.doctor,
    "migrate": keep_store.migrate,
    "backup": keep_store.backup,
    "restore": keep_store.restore,
    "bench": check_up.bench,
}


def _plainly(command: Callable[..., None]) -> Callable[..., None]:
    """A command whose expected failures are one line, not a traceback."""

    @wraps(command)
    def told(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except BrokenSetting as wrong:
            _stop(str(wrong))
        except CannotStart as wrong:
            _stop(worded(wrong.says))
        except OSError as wrong:
            if wrong.filename is None:
                raise
            _stop(said("file_trouble", file=str(wrong.filename), why=wrong.strerror))
        except KeyboardInterrupt:
            raise typer.Exit(130) from None

    return told


def _stop(line: str) -> NoReturn:
    sys.stderr.write(f"{line}\n")
    raise typer.Exit(2) from None


for _name, _command in COMMANDS.items():
    app.command(_name, help=said(f"command.{_name}"))(_plainly(_command))
