"""What import-linter can't see of the floors of the house."""

from __future__ import annotations

import ast
import configparser
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField, Model

ROOT = Path(__file__).resolve().parent.parent
NOT_ROOMS = {"tests", "bench"}
FAMILIES = ("domains", "billing", "support", "services", "profiles")
LONGEST_FILE = 420
LONGEST_FUNCTION = 55


def contracts() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    return parser


def floors() -> list[set[str]]:
    """From the top down; rooms of one floor stand in one set."""
    lines = contracts()["importlinter:contract:rooms"]["layers"].split("\n")
    return [set(line.replace("|", " ").split()) for line in lines if line.strip()]


def rooms() -> set[str]:
    return {path.parent.name for path in ROOT.glob("*/__init__.py")} - NOT_ROOMS


def sources() -> list[Path]:
    return [
        path
        for room in sorted(rooms())
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def test_every_room_stands_in_the_contracts():
    named = set(contracts()["importlinter"]["root_packages"].split())
    assert rooms() == named
    assert set().union(*floors()) == named - {"sandbox"}


def test_references_between_tables_point_to_the_same_room_or_downwards():
    height = {room: -number for number, floor in enumerate(floors()) for room in floor}
    upwards = [
        f"{model._meta.label}.{field.name} -> {target._meta.label}"
        for model in apps.get_models()
        for field in model._meta.get_fields(include_hidden=False)
        if isinstance(field, ForeignKey | ManyToManyField)
        for target in [field.related_model]
        if _both_ours(model, target, height) and not _points_down(model, target, height)
    ]
    assert upwards == []


def _both_ours(model: type[Model], target: type[Model], height: dict[str, int]) -> bool:
    return model._meta.app_label in height and target._meta.app_label in height


def _points_down(model: type[Model], target: type[Model], height: dict[str, int]) -> bool:
    here, there = model._meta.app_label, target._meta.app_label
    return here == there or height[there] < height[here]


def test_templates_use_only_their_own_fragments_and_the_page_kit():
    found = []
    for page in sorted((ROOT / "templates").rglob("*.html")):
        own = page.relative_to(ROOT / "templates").parts[0]
        used = re.findall(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)[\"']", page.read_text())
        foreign = [name for name in used if name.split("/")[0] not in {own, "web", "base.html"}]
        found += [f"{page.relative_to(ROOT)} uses {name}" for name in foreign]
    assert found == []


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_brings_the_files_that_its_siblings_have(family: str):
    assert {"apps.py", "models.py", "sync.py"} <= {path.name for path in (ROOT / family).glob("*.py")}


def test_files_and_functions_stay_short_enough_to_be_read_at_once():
    too_long = []
    for path in sources():
        text = path.read_text()
        if text.count("\n") > LONGEST_FILE and "Long because" not in text[:800]:
            too_long.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    too_long.append(f"{path.relative_to(ROOT)}: {node.name} has {lines} lines")
    assert too_long == []


def test_nothing_in_a_template_is_blocked_by_the_content_security_policy():
    found = []
    forbidden = re.compile(
        r"""\sstyle\s*=\s*["']|\shx-on[:-]|\son(?:click|change|submit|load|input|keyup|keydown)\s*=|<style\b|["']js:"""
    )
    for page in sorted((ROOT / "templates").rglob("*.html")):
        found += [f"{page.relative_to(ROOT)}: {hit[0].strip()}" for hit in forbidden.finditer(page.read_text())]
        found += [
            f"{page.relative_to(ROOT)}: inline script"
            for tag in re.findall(r"<script\b([^>]*)>", page.read_text())
            if "src=" not in tag and "application/json" not in tag
        ]
    assert found == []
