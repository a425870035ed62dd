"""The command line of Nhắc Việc: `nhacviec --help` lists everything."""

from __future__ import annotations

import sys


def main() -> None:
    """Run a command; what the operator did wrong is one line on standard error and exit status 2."""
    if sys.argv[1:2] == ["parse"] and len(sys.argv) == 2:
        from bot.commands.parse import parse

        raise SystemExit(parse(sys.stdin.buffer, sys.stdout))
    from bot.commands.table import app

    app()


if __name__ == "__main__":
    main()
