"""What every channel is to the rest of the house: it hands messages to the door, and sends letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.routing import BaseRoute

from bot.messages import FileRef, Incoming, Letter, Receipt


class Door(Protocol):
    """Where a channel hands in what it received."""

    async def receive(self, incoming: Incoming) -> None:
        """Returns once the message is committed: only then may the platform be told.

        Raises where it could not be stored; the platform must then not be told, so that it comes again.
        """


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message may hold, in UTF-16 units, and what the platform lets pass."""

    text: int
    buttons: bool
    files: bool
    per_second: float
    per_chat_second: float
    per_group_minute: int = 20
    #: How the peer of a group begins, where groups can be told by it.
    group_mark: str = ""

    def is_group(self, peer: str) -> bool:
        """Whether several people read this chat."""
        return bool(self.group_mark) and peer.startswith(self.group_mark)


class Channel(Protocol):
    """One account (one bot) of one platform."""

    name: str
    account: str
    limits: Limits

    async def open(self) -> None:
        """Connect; raises SendFailed(unauthorized=True) where the token is dead."""

    async def close(self) -> None:
        """Let go of connections."""

    async def probe(self) -> None:
        """Ask whether the platform is there and knows us, open or not; changes nothing. Raises SendFailed."""

    async def listen(self, door: Door) -> None:
        """Poll for messages until cancelled; returns at once where the channel is fed by `routes`."""

    def routes(self, door: Door) -> Sequence[BaseRoute]:
        """The web addresses through which the platform (or the page) hands messages in."""

    async def send(self, letter: Letter) -> Receipt:
        """Send one letter. Raises SendFailed and nothing else."""

    async def fetch(self, ref: FileRef, most: int) -> bytes:
        """The bytes of a file that came in. Raises SendFailed; permanent=True where larger than `most` or gone."""

    def join_link(self, code: str) -> str | None:
        """A link that joins with this code by one tap, where the platform knows such links."""
