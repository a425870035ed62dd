"""One address in front of the replicas: nginx with deploy's own files, or a plain relay where there is no nginx."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.faults.machines import DEPLOYED, free_port
from tests.faults.relay import relay

HOST = "127.0.0.1"
#: Standard input is our end of a pipe: it closes when we do, however we end, and nginx goes with it.
_GUARD = '"$@" & read -r _; kill -TERM $!; wait'
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def nginx() -> str | None:
    """Where nginx is, if it is here."""
    return shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/local/bin:/usr/bin")


@asynccontextmanager
async def front(home: Path, replicas: Sequence[tuple[str, int]]) -> AsyncIterator[str]:
    """The web address of what stands in front of these replicas."""
    port = free_port(HOST)
    program = nginx()
    if program is None:
        async with relay(HOST, port, replicas):
            yield f"http://{HOST}:{port}"
        return
    settings = home / "nginx.conf"
    settings.write_text(_settings(home, port, replicas))
    started = ["sh", "-c", _GUARD, "sh", program, "-p", str(home), "-c", str(settings)]
    process = subprocess.Popen(started, stdin=subprocess.PIPE, start_new_session=True)
    try:
        await _until_it_listens(process, port)
        yield f"http://{HOST}:{port}"
    finally:
        await asyncio.to_thread(process.communicate, timeout=20)


async def _until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    async with asyncio.timeout(20):
        while process.poll() is None:
            try:
                _, writer = await asyncio.open_connection(HOST, port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return
    raise RuntimeError("nginx did not start")


def _settings(home: Path, port: int, replicas: Sequence[tuple[str, int]]) -> str:
    """deploy's own file, with these addresses and without TLS."""
    deployed = (DEPLOYED / "nginx" / "nhacviec.conf").read_text()
    given = iter(replicas)
    at_home, many = re.subn(r"10\.0\.0\.\d+:8080", lambda _: "{}:{}".format(*next(given)), deployed)
    assert many == len(replicas)
    at_home = re.sub(r"^.*(?:ssl_|listen \[).*\n", "", at_home, flags=re.MULTILINE)
    at_home = at_home.replace("listen 443 ssl;", f"listen {HOST}:{port};")
    at_home = at_home.replace("/etc/nginx/nhacviec/webhooks.conf", str(DEPLOYED / "nginx" / "webhooks.conf"))
    temporary = "".join(f"{name}_temp_path {home}/{name};\n" for name in _TEMPORARY)
    return (
        f"daemon off;\npid {home}/nginx.pid;\nerror_log {home}/nginx.log;\nworker_processes 1;\n"
        f"events {{ worker_connections 512; }}\nhttp {{\naccess_log off;\n{temporary}{at_home}}}\n"
    )
