"""`bin/sandbox serve --data DIR`: stand-in servers for Cloudviet, DNS.services and VPS.org, as one process."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from sandbox.limits import LIMITS
from sandbox.mail import MailCatcher
from sandbox.manual import PORTS, manual
from sandbox.server import Sandbox
from sandbox.state import State


def main(arguments: list[str] | None = None) -> int:
    options = read(arguments)
    data = Path(options.data)
    ports = {
        "cloudviet": options.cloudviet_port,
        "dns-services": options.dns_services_port,
        "vps-org": options.vps_org_port,
    }
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stop.set())
    try:
        sandbox = Sandbox(
            demo=not options.empty,
            seed=options.seed,
            data=data,
            domains=options.domains,
            host=options.host,
            ports=ports,
        )
        if not sandbox.continued:
            show_the_passing(sandbox)
        limit(sandbox, options)
        mails = mail_catcher(options, data)
        sandbox.start()
    except OSError as error:
        print(f"sandbox: can't start: {error}", file=sys.stderr)
        return 1
    print(f"sandbox ready: {json.dumps(sandbox.ready())}", flush=True)
    stop.wait()
    sandbox.stop()
    if mails is not None:
        mails.stop()
    return 0


def mail_catcher(options: argparse.Namespace, data: Path) -> MailCatcher | None:
    if options.smtp_port is None:
        return None
    state = State(data / "mails.sqlite3")
    # On this machine only, whatever the portals listen on: mails are for who sits here.
    return MailCatcher(state, smtp_port=options.smtp_port, port=options.mail_port).start()


def show_the_passing(sandbox: Sandbox) -> None:
    """A person at the demo sees a reboot and a paid renewal take a moment; tests in one process see them at once."""
    for portal in (sandbox.cloudviet, sandbox.dns_services):
        portal.set(machine_seconds=4, registrar_seconds=4)
    sandbox.vps_org.set(machine_seconds=4)


def limit(sandbox: Sandbox, options: argparse.Namespace) -> None:
    """What was said on this start counts, and stays in the folder."""
    said = {name: value for name in LIMITS if (value := getattr(options, name)) is not None}
    for portal in sandbox:
        if said:
            portal.set(**said)


class Parser(argparse.ArgumentParser):
    """Its help is followed by the manual."""

    def format_help(self) -> str:
        return f"{super().format_help()}\n{manual()}"


def whole(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def read(arguments: list[str] | None) -> argparse.Namespace:
    parser = Parser(prog="bin/sandbox", description=__doc__)
    serve = parser.add_subparsers(dest="command", required=True).add_parser(
        "serve", help="run until SIGTERM; `serve --help` has the options"
    )
    serve.add_argument("--data", required=True, help="folder that keeps the state across restarts")
    serve.add_argument("--host", default="127.0.0.1", help="where the portals listen (%(default)s)")
    for key, port in PORTS.items():
        serve.add_argument(f"--{key}-port", type=int, default=port, help="%(default)s unless said; 0 for any free one")
    serve.add_argument("--smtp-port", type=int, help="take mails there too, delivering none; without it none are taken")
    serve.add_argument("--mail-port", type=int, default=0, help="where these mails can be read")
    kind = serve.add_mutually_exclusive_group()
    kind.add_argument("--demo", action="store_true", help="an agency's data (the default)")
    kind.add_argument("--empty", action="store_true", help="accounts that hold nothing")
    serve.add_argument("--seed", type=int, default=1, help="another one makes other data (%(default)s)")
    serve.add_argument("--latency-ms", type=whole, help="every answer of a portal comes this much later")
    serve.add_argument(
        "--concurrency", type=whole, help="requests that a portal takes at once; one more is 429 (0: any)"
    )
    serve.add_argument(
        "--rate-per-minute", type=whole, help="requests that it takes in a minute, told in X-RateLimit-* (0: any)"
    )
    serve.add_argument("--domains", type=int, default=0, help="this many more domains at each portal, for benches")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
