"""Ports of the loopback interface: is one free, and which ones has the sandbox of this data folder."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Final

from portal.runtime.problems import Problem

# Where the sandbox listens when nothing is in its way; see sandbox/.
SANDBOX_PORTS: Final = {"cloudviet": 8101, "dns-services": 8102, "vps-org": 8103, "smtp": 8104, "mail": 8105}
MAIL_PORTS: Final = frozenset({"smtp", "mail"})
"""Those of the mail catcher: where it takes mails, and where they are read."""


def is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As the server will: a connection that is only waiting out its last minute is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def require_free(host: str, port: int) -> None:
    if not is_free(host, port):
        raise Problem(
            f"Port {port} on {host} is taken by another program. Stop that one, or choose another with --port N."
        )


def sandbox_ports(folder: Path) -> dict[str, int]:
    """The ports of last time where they are still free; the demo accounts are told when one has changed."""
    file = folder / "ports.json"
    # A folder of before the mail catcher lacks its ports.
    wanted: dict[str, int] = {**SANDBOX_PORTS, **(json.loads(file.read_text()) if file.exists() else {})}
    ports = {name: port if is_free("127.0.0.1", port) else _any_free() for name, port in wanted.items()}
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(ports))
    return ports


def _any_free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
