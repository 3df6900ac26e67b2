"""The project's copy of the upstream documents, and how an answer is compared with an example."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "upstream"
FILES = {"cloudviet": "cloudviet.json", "dns-services": "dns_services.json", "vps-org": "vps_org.json"}


def operations(portal: str) -> list[dict[str, Any]]:
    text = (FOLDER / FILES[portal]).read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)["operations"]
    return found


def differences(example: Any, answer: Any, where: str = "") -> list[str]:
    """Where the answer lacks a key of the example or has another type of JSON value; more keys are welcome."""
    if example is None or answer is None:
        return []
    if isinstance(example, dict):
        return _objects(example, answer, where)
    if isinstance(example, list):
        return _lists(example, answer, where)
    if _kind(example) != _kind(answer):
        return [f"{where}: {_kind(answer)} instead of {_kind(example)}"]
    return []


def _objects(example: dict[str, Any], answer: Any, where: str) -> list[str]:
    if not isinstance(answer, dict):
        return [f"{where}: {_kind(answer)} instead of an object"]
    # keys that are ids differ: their values are what is compared
    found = differences([example[key] for key in example if key.isdigit()], _numbered(answer), where)
    found.extend(f"{where}.{key}: missing" for key in example if key not in answer and not key.isdigit())
    for key in sorted(example.keys() & answer.keys()):
        found.extend(differences(example[key], answer[key], f"{where}.{key}"))
    return found


def _numbered(answer: dict[str, Any]) -> list[Any]:
    return [answer[key] for key in answer if key.isdigit()]


def _lists(example: list[Any], answer: Any, where: str) -> list[str]:
    if not isinstance(answer, list):
        return [f"{where}: {_kind(answer)} instead of a list"]
    if not example:
        return []
    # rows may differ from one another in the example: each row of the answer has to fit one of them
    return [line for row in answer for line in min((differences(one, row, f"{where}[]") for one in example), key=len)]


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    return {str: "a text", list: "a list", dict: "an object", type(None): "null"}[type(value)]
