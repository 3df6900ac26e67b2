"""python -m portal.runtime up|manage|test ..., which the programs in bin/ become."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from portal.runtime.checks import checks
from portal.runtime.desk import default_folder
from portal.runtime.manage import manage
from portal.runtime.problems import Problem
from portal.runtime.up import Wishes, up


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["manage"]:
        return manage(default_folder().expanduser().absolute(), arguments[1:], port=_default_port())
    if arguments[:1] == ["test"]:
        return checks(arguments[1:])
    asked = _parser().parse_args(arguments[1:])
    up(Wishes(asked.data.expanduser().absolute(), asked.host, asked.port, asked.demo))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bin/up", description="Starts the whole desk and stops it on Ctrl-C.")
    parser.add_argument(
        "--data",
        type=Path,
        default=default_folder(),
        metavar="DIR",
        help="the data folder (HOLDFAST_DATA; default var/)",
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=_port, default=_default_port(), metavar="N", help="HOLDFAST_PORT; default 8000")
    parser.add_argument("--no-demo", dest="demo", action="store_false", help="no sandbox, no demo accounts")
    return parser


def _default_port() -> int:
    value = os.environ.get("HOLDFAST_PORT", "8000")
    try:
        return _port(value)
    except (ValueError, argparse.ArgumentTypeError):
        raise Problem(f"HOLDFAST_PORT must be a port between 1 and 65535, not {value!r}.") from None


def _port(value: str) -> int:
    port = int(value)
    if not 1 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{port} is no port: choose one between 1 and 65535")
    return port


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Problem as problem:
        sys.exit(str(problem))
