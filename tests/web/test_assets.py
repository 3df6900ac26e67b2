import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from web.icons import NAMES

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PARTS = json.loads((VENDOR / "MANIFEST.json").read_text())


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part["name"])
def test_a_foreign_file_is_what_its_manifest_says(part: dict[str, Any]):
    assert part["version"]
    assert part["licence"] in {"MIT", "0BSD", "OFL-1.1"}
    for name, digest in part["files"].items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name


def test_no_foreign_file_lies_beside_the_manifest():
    known = {(VENDOR / name).resolve() for part in PARTS for name in part["files"]}
    there = {path.resolve() for path in VENDOR.rglob("*") if path.is_file()} - {VENDOR / "MANIFEST.json"}
    assert there <= known


def test_the_sprite_holds_exactly_the_icons_that_are_named():
    assert re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()) == NAMES


def test_every_icon_of_a_template_is_in_the_sprite():
    used = {name for path in TEMPLATES for name in re.findall(r'{% icon "([^"]+)"', path.read_text())}
    assert used <= set(NAMES)


def test_every_class_of_ours_in_a_template_is_known_to_a_stylesheet_or_a_module():
    known = set()
    for path in [*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js")]:
        known |= set(re.findall(r"hf-[a-z0-9-]+", path.read_text()))
    used = {
        name
        for path in TEMPLATES
        for classes in re.findall(r'class="([^"]*)"', path.read_text())
        for name in re.findall(r"(?<![\w-])hf-[a-z0-9-]+(?![\w{-])", classes)
    }
    assert used - known == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_holds_nothing_that_the_security_policy_refuses(path: Path):
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|javascript:|https?://", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r'hx-trigger="[^"]*\[', text)


def test_every_file_that_a_stylesheet_names_is_there():
    for sheet in STATIC.glob("css/*.css"):
        for name in re.findall(r"url\(([^)]+)\)", sheet.read_text()):
            assert (sheet.parent / name).resolve().is_file(), name


def test_modules_neither_evaluate_text_nor_write_markup():
    for path in STATIC.glob("js/*.js"):
        assert not re.search(r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML", path.read_text()), path
