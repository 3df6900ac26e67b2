"""The three stand-ins together: in threads of a test's process, or as the process that bin/up starts."""

import json
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sandbox.demo import assignments, make
from sandbox.hostbill import table as hostbill_table
from sandbox.hostbill.housekeeping import daily
from sandbox.hostbill.portal import CLOUDVIET, DNS_SERVICES, HostBillPortal
from sandbox.portal import LoggedRequest, Portal
from sandbox.state import State
from sandbox.vpsorg import table as vpsorg_table
from sandbox.vpsorg.portal import VpsOrgPortal
from sandbox.wire import Server

_PICTURES: dict[tuple[bool, int, int, str, str], list[str]] = {}


class Sandbox:
    """`with Sandbox(demo=True, seed=1) as s: requests.get(s.cloudviet.base_url + "/domain", ...)`.

    data: a folder that keeps the state across restarts; None forgets it. A folder that already holds a state is
    continued: demo, seed and domains count only for the first start.
    ports: a fixed port by portal key; 0 or absent for any free one.
    """

    def __init__(
        self,
        *,
        demo: bool = True,
        seed: int = 1,
        data: Path | str | None = None,
        domains: int = 0,
        host: str = "127.0.0.1",
        ports: Mapping[str, int] | None = None,
    ) -> None:
        self.data = Path(data) if data is not None else None
        self._servers: list[Server] = []
        self._threads: list[threading.Thread] = []
        self._host = host
        self._ports = dict(ports or {})
        self.cloudviet = HostBillPortal(CLOUDVIET, self._state("cloudviet"), *_hostbill("cloudviet"), seed)
        self.dns_services = HostBillPortal(DNS_SERVICES, self._state("dns-services"), *_hostbill("dns-services"), seed)
        self.vps_org = VpsOrgPortal(
            self._state("vps-org"), vpsorg_table.ROUTES, vpsorg_table.JOBS, vpsorg_table.CONTROLS, seed
        )
        self._fill(demo=demo, seed=seed, domains=domains)

    def _state(self, key: str) -> State:
        return State(self.data / f"{key}.sqlite3" if self.data is not None else None)

    def _fill(self, *, demo: bool, seed: int, domains: int) -> None:
        self.continued = bool(self.cloudviet.client)
        if self.continued:
            return
        # a test bench starts dozens of sandboxes with the same data: they are made once a process and day
        key = (demo, seed, domains, self.cloudviet.clock.day(0), self.dns_services.clock.day(0))
        if key in _PICTURES:
            for portal, picture in zip(self.portals, _PICTURES[key], strict=True):
                portal.state.restore(picture)
        else:
            make(self.cloudviet, self.dns_services, self.vps_org, full=demo, seed=seed, domains=domains)
            if self.data is None:
                _PICTURES[key] = [portal.state.picture() for portal in self.portals]
        for portal in self.portals:
            portal.state.flush()
        if self.data is not None:
            text = json.dumps(self.customers(), ensure_ascii=False, indent=1)
            (self.data / "customers.json").write_text(text + "\n", encoding="utf-8")

    @property
    def portals(self) -> tuple[Portal, ...]:
        return (self.cloudviet, self.dns_services, self.vps_org)

    def __iter__(self) -> Iterator[Portal]:
        return iter(self.portals)

    def customers(self) -> list[dict[str, Any]]:
        """Which customer of the agency each thing belongs to: name, domains, ids by portal."""
        return assignments(self.cloudviet, self.dns_services, self.vps_org)

    @property
    def requests(self) -> list[LoggedRequest]:
        """Every API request so far, oldest first (the latest 2000 of each portal)."""
        return sorted((entry for portal in self.portals for entry in list(portal.log)), key=lambda entry: entry.tick)

    def ready(self) -> dict[str, dict[str, str]]:
        """What a client needs to connect to each portal."""
        return {
            portal.key: {"base_url": portal.base_url, "auth": portal.auth, **portal.credential}
            for portal in self.portals
        }

    def start(self) -> Self:
        """Raises OSError when a port is taken."""
        try:
            for portal in self.portals:
                self._serve(portal)
        except OSError:
            self.stop()
            raise
        return self

    def _serve(self, portal: Portal) -> None:
        server = Server((self._host, self._ports.get(portal.key, 0)), portal)
        portal.host, portal.port = self._host, server.server_port
        portal.stopping.clear()
        self._servers.append(server)
        thread = threading.Thread(target=server.serve, name=portal.key, daemon=True)
        thread.start()
        self._threads.append(thread)

    def stop(self) -> None:
        for portal in self.portals:
            portal.stopping.set()
        for server in self._servers:
            server.stop()
        for thread in self._threads:
            thread.join(2)
        self._servers.clear()
        self._threads.clear()
        for portal in self.portals:
            with portal.lock:
                portal.state.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _hostbill(key: str) -> tuple[Any, Any, Any, Any]:
    return hostbill_table.ROUTES[key], hostbill_table.JOBS, hostbill_table.CONTROLS, daily
