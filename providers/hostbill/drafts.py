"""People as they shall be, in the fields of a HostBill portal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from providers.errors import InvalidRequest
from providers.people import ContactDraft, PersonDraft, SignUp

MOST_LINES = 2
REQUIRED: Mapping[str, str] = {
    "email": "email",
    "password": "password",
    "first_name": "firstname",
    "last_name": "lastname",
    "address": "address1",
    "city": "city",
    "state": "state",
    "postcode": "postcode",
    "country": "country",
    "phone": "phonenumber",
}
"""What a new login must say, as the documents have it, by our names."""


def person_fields(draft: PersonDraft) -> dict[str, Any]:
    """The body of `PUT /details` and its kin: what is None is not named. Raises InvalidRequest."""
    lines = draft.address
    if lines is not None and len(lines) > MOST_LINES:
        raise refused({"address": "An address has at most two lines here."})
    if draft.email is not None and not looks_like_email(draft.email):
        raise refused({"email": "This is no e-mail address."})
    fields = {
        "email": draft.email,
        "firstname": draft.first_name,
        "lastname": draft.last_name,
        "companyname": draft.company,
        "type": None if draft.is_company is None else "Company" if draft.is_company else "Private",
        # a second line that is not given ends the one that stood there
        **({"address1": "", "address2": ""} if lines is not None else {}),
        **{f"address{number}": line for number, line in enumerate(lines or (), 1)},
        "city": draft.city,
        "state": draft.state,
        "postcode": draft.postcode,
        "country": draft.country,
        "phonenumber": draft.phone,
        "mobilephone": draft.mobile,
    }
    return {name: value for name, value in fields.items() if value is not None}


def contact_fields(draft: ContactDraft) -> dict[str, Any]:
    """The body of `POST /contact` and `PUT /contact/{id}`. Raises InvalidRequest."""
    fields = person_fields(draft)
    if draft.password is not None:
        fields["password"] = draft.password
    if draft.privileges is not None:
        fields["privileges"] = privilege_tree(draft.privileges)
    return fields


def sign_up_fields(draft: SignUp) -> dict[str, Any]:
    """The body of `POST /signup`. Raises InvalidRequest for what is missing."""
    company = bool(draft.company) if draft.is_company is None else draft.is_company
    fields = {"password": draft.password, **person_fields(draft), "type": "Company" if company else "Private"}
    missing = {
        ours: "This is needed." for ours, theirs in REQUIRED.items() if not str(fields.get(theirs) or "").strip()
    }
    if company and not (draft.company or "").strip():
        missing["company"] = "This is needed."
    if missing:
        raise refused(missing)
    return {**fields, **({"currency": draft.currency} if draft.currency else {})}


def privilege_tree(keys: Iterable[str]) -> dict[str, Any]:
    """`group.privilege` and `services.<id>.privilege` as `GET /contact/privileges` writes them. Raises InvalidRequest."""
    tree: dict[str, Any] = {}
    for key in dict.fromkeys(keys):
        group, *rest = key.split(".")
        if not group or len(rest) not in (1, 2) or not all(rest):
            raise refused({"privileges": "There is no such privilege."})
        if len(rest) == 2:
            _inside(tree, group).setdefault(rest[0], []).append(rest[1])
        elif rest[0] == "full":
            _inside(tree, group)["full"] = 1
        else:
            kept = tree.setdefault(group, [])
            if not isinstance(kept, list):
                raise refused({"privileges": "There is no such privilege."})
            kept.append(rest[0])
    return tree


def _inside(tree: dict[str, Any], group: str) -> dict[str, Any]:
    kept = tree.setdefault(group, {})
    if not isinstance(kept, dict):
        raise refused({"privileges": "There is no such privilege."})
    return kept


def looks_like_email(text: str) -> bool:
    """Whether it can be an address at all; the portal knows better."""
    name, at, host = text.strip().rpartition("@")
    return bool(name and at and host) and not any(sign.isspace() or not sign.isprintable() for sign in text.strip())


def nothing_given() -> InvalidRequest:
    """The error of a draft that leaves everything as it is."""
    return InvalidRequest("Nothing was given that shall change. Nothing was sent.")


def refused(fields: Mapping[str, str]) -> InvalidRequest:
    """The error of a draft that was not sent."""
    sentence = " ".join(dict.fromkeys(fields.values()))
    return InvalidRequest(f"{sentence} Nothing was sent.", fields={name: [words] for name, words in fields.items()})
