"""Reading the values of a request in the three shapes that the Bot API takes: form, JSON, multipart."""

from __future__ import annotations

import json
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl


def values(kind: str, query: bytes, body: bytes) -> dict[str, Any]:
    """Name to value; a file is (name, bytes)."""
    found: dict[str, Any] = dict(parse_qsl(query.decode(), keep_blank_values=True))
    if kind.startswith("application/json"):
        # As the platform's own server does: what is no string counts as the text it was written with.
        given = json.loads(body or b"{}")
        return found | {name: one if isinstance(one, str) else json.dumps(one) for name, one in given.items()}
    if kind.startswith("multipart/form-data"):
        return found | _parts(kind, body)
    return found | dict(parse_qsl(body.decode(), keep_blank_values=True))


def _parts(kind: str, body: bytes) -> dict[str, Any]:
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    found: dict[str, Any] = {}
    for part in message.iter_parts():  # type: ignore[attr-defined]
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        found[name] = (part.get_filename(), content) if part.get_filename() else content.decode()
    # A file may stand under a name of its own, to which the field then points.
    for name, value in found.items():
        if isinstance(value, str) and value.startswith("attach://"):
            found[name] = found[value.removeprefix("attach://")]
    return found
