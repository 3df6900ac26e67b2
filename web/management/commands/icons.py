import tarfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from django.core.management.base import BaseCommand, CommandError, CommandParser

from web.icons import NAMES

SVG = "http://www.w3.org/2000/svg"
MEMBER = "package/dist/tabler-sprite.svg"


class Command(BaseCommand):
    help = "Cut static/icons.svg, the sprite of the icons named in web/icons.py, from the package @tabler/icons-sprite."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tarball", type=Path, help="what `npm pack @tabler/icons-sprite` downloaded")
        parser.add_argument("--to", type=Path, default=Path("static/icons.svg"))

    def handle(self, *_args: Any, **options: Any) -> None:
        with tarfile.open(options["tarball"]) as package:
            member = package.extractfile(MEMBER)
            if member is None:
                raise CommandError(f"{options['tarball']} holds no {MEMBER}; is it @tabler/icons-sprite 3?")
            sprite = cut(member.read(), NAMES)
        options["to"].write_bytes(sprite)
        self.stdout.write(f"{len(NAMES)} icons, {len(sprite)} bytes")


def root_of(sprite: bytes) -> ET.Element:
    return ET.fromstring(sprite)  # noqa: S314 - the maintainer's own download, read once on their machine


def cut(sprite: bytes, names: list[str]) -> bytes:
    """The symbols of these names, without their stroke width (css decides it) and without the empty bounding path."""
    ET.register_namespace("", SVG)
    symbols = {node.get("id"): node for node in root_of(sprite).iter(f"{{{SVG}}}symbol")}
    missing = [name for name in names if f"tabler-{name}" not in symbols]
    if missing:
        raise CommandError(f"The package has no icon named {', '.join(missing)}.")
    root = ET.Element(f"{{{SVG}}}svg")
    for name in names:
        symbol = symbols[f"tabler-{name}"]
        symbol.set("id", name)
        symbol.attrib.pop("stroke-width", None)
        for path in [path for path in symbol if path.get("stroke") == "none"]:
            symbol.remove(path)
        root.append(symbol)
    written: bytes = ET.tostring(root, encoding="utf-8")
    return written + b"\n"
