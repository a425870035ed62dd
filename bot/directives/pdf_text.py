"""A process of its own that prints the text layer of a PDF from standard input; started by text_layer, never imported.

A hostile PDF may loop or swell inside the parser: here the system stops it, and the bot lives on.
"""

from __future__ import annotations

import io
import resource
import sys

MOST_PAGES = 30
MOST_LETTERS = 2_000_000
_MOST_MEMORY = 512 * 1024 * 1024
_MOST_SECONDS = 10


def main() -> int:
    """Print the first pages' text; exit status 1 where the file can't be read."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    from pypdf import PdfReader

    written = 0
    try:
        for page in PdfReader(io.BytesIO(sys.stdin.buffer.read())).pages[:MOST_PAGES]:
            text = page.extract_text()[: MOST_LETTERS - written]
            written += len(text)
            sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    except Exception:  # noqa: BLE001  (a hostile file may raise anything inside the parser)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
