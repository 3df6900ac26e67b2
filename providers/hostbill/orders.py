"""What an order says to a HostBill portal, and what the portal says about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from providers.errors import InvalidRequest, NotSupported, OutcomeUnknown
from providers.hostbill import forms
from providers.hostbill.client.group import given
from providers.hostbill.endings import ending_to_order, endings
from providers.hostbill.parse.row import Row, scalar_text
from providers.hostbill.portal import Portal
from providers.hostbill.refusals import refused, words_of
from providers.http.words import Scrubber
from providers.offers import (
    CertificateItem,
    CertificateOrder,
    DomainOrder,
    Item,
    ProductItem,
    RegisterItem,
    RenewItem,
    TldPrices,
    TransferItem,
)
from providers.resources import Order, OrderedItem
from providers.values import Unreadable, to_host, to_list

MOST_YEARS = 10
DOMAIN_ROLES = ("registrant", "admin", "tech", "billing")
CERTIFICATE_ROLES = ("admin", "tech", "billing")
CSR = re.compile(
    r"-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----\s.*\s-----END (?:NEW )?CERTIFICATE REQUEST-----", re.DOTALL
)
_WHOLE = re.compile(r"\d{1,15}", re.ASCII)

Action = Literal["register", "transfer"]


def refusal(field: str, sentence: str, *, operation: str = "") -> InvalidRequest:
    """The error of an order that was not sent."""
    return InvalidRequest(f"{sentence} Nothing was sent.", operation=operation, fields={field: [sentence]})


# --- what is sent ----------------------------------------------------------------------------------------------------------


def items_of(portal: Portal, items: Sequence[Item]) -> list[dict[str, Any]]:
    """The items of `POST /order` and `POST /quote`. Reads the price list once where a name is registered or transferred.

    Raises InvalidRequest for what can't be ordered, and NotSupported for a certificate where the portal sells none by its API.
    """
    if not items:
        raise refusal("items", "An order needs at least one item.")
    sold = endings(portal) if any(isinstance(item, RegisterItem | TransferItem) for item in items) else ()
    return [_item(portal, item, sold) for item in items]


def _item(portal: Portal, item: Item, sold: tuple[TldPrices, ...]) -> dict[str, Any]:
    if isinstance(item, ProductItem):
        product = whole("product_id", item.product_id, "No product of this portal has such an id.")
        return {"type": "product", "product_id": product, **product_fields(item)}
    if isinstance(item, CertificateItem):
        if not portal.capabilities.offers("POST /certificate/order"):
            raise NotSupported(
                "The portal does not sell certificates by its API. Nothing was sent.",
                operation="POST /certificate/order",
            )
        return {"type": "certificate", **certificate_fields(item.order)}
    if isinstance(item, RenewItem):
        check_years(item.years)
        domain = whole("domain_id", item.domain_id, "No domain of this portal has such an id.")
        return {"type": "domain", "domain_id": domain, "action": "renew", "years": item.years}
    fields = domain_fields(item.order, "register" if isinstance(item, RegisterItem) else "transfer", sold)
    # the page writes both as numbers here and as texts in the order of one domain
    return {"type": "domain", **fields, "tld_id": _number(fields["tld_id"]), "years": item.order.years}


def epp_codes(items: Sequence[Item]) -> tuple[str, ...]:
    """The secrets in a basket, which a portal may echo."""
    return tuple(item.order.epp_code for item in items if isinstance(item, RegisterItem | TransferItem))


def domain_fields(order: DomainOrder, action: Action, sold: tuple[TldPrices, ...]) -> dict[str, Any]:
    """The body of `POST /domain/order` but for the way to pay. `sold` is the price list, which tells the ending's id.

    Raises InvalidRequest; above all where the ending is not sold, or not for so many years.
    """
    name = domain_name(order.name)
    check_years(order.years)
    if order.auto_renew is not None or order.privacy is not None:
        field = "auto_renew" if order.auto_renew is not None else "privacy"
        raise refusal(field, "This portal takes that choice only once the domain is there.")
    ending = ending_to_order(sold, name, order.years)
    return given(
        name=name,
        years=str(order.years),
        action=action,
        tld_id=ending.id,
        epp=(order.epp_code.strip() or None) if action == "transfer" else None,
        nameservers=order_nameservers(order.nameservers) or None,
        **_contacts(order.contacts, DOMAIN_ROLES),
        data=extra_data(order.extra) or None,
    )


def certificate_fields(order: CertificateOrder) -> dict[str, Any]:
    """The body of `POST /certificate/order` but for the way to pay. Raises InvalidRequest."""
    if not CSR.fullmatch(order.csr.strip()):
        raise refusal("csr", "This is no certificate request in PEM form.")
    if order.years < 1:
        raise refusal("years", "A certificate is ordered for at least 1 year.")
    software = order.software_id
    return given(
        product_id=whole("product_id", order.product_id, "No certificate of this portal has such an id."),
        csr=order.csr.strip(),
        years=order.years,
        approver_email=order.approver_email or None,
        software=whole("software_id", software, "No server software has such an id.") if software else None,
        **_contacts(order.contacts, CERTIFICATE_ROLES),
        organization=dict(order.organization) or None,
        data=extra_data(order.extra) or None,
    )


def product_fields(item: ProductItem) -> dict[str, Any]:
    """The body of `POST /order/{product_id}` but for the way to pay. Raises InvalidRequest."""
    for name in forms.made_up(item.options):
        raise refusal(name, "The product’s form has no such field.")
    return given(
        domain=item.domain or None,
        cycle=item.cycle or None,
        custom=forms.custom(item.options) or None,
        promocode=item.promo_code or None,
    )


def extra_data(extra: Mapping[str, str]) -> dict[str, Any]:
    """The `data` of an order, whose inside no page tells: the fields of its form as `custom` has them in the order of a product,
    and what upstream made a name up for by that name."""
    return {**forms.custom(extra), **forms.made_up(extra)}


def _contacts(contacts: Mapping[str, str], roles: Iterable[str]) -> dict[str, int]:
    known = tuple(roles)
    for role in contacts:
        if role not in known:
            raise refusal("contacts", f"The portal asks for these contacts: {', '.join(known)}.")
    return {
        role: whole("contacts", contact, "No contact of this account has such an id.")
        for role, contact in contacts.items()
        if contact
    }


def order_nameservers(names: Iterable[str]) -> list[str]:
    """2 to 4 name servers for a new domain, or none for the portal's own. Raises InvalidRequest."""
    hosts = [host("nameservers", name, "A name server is a host name, such as ns1.example.com.") for name in names]
    if len(set(hosts)) != len(hosts):
        raise refusal("nameservers", "The same name server stands there twice.")
    if hosts and not 2 <= len(hosts) <= 4:
        raise refusal("nameservers", "A domain has 2 to 4 name servers, or none for the portal’s own.")
    return hosts


def host(field: str, text: str, sentence: str) -> str:
    """A host name as DNS has it. Raises InvalidRequest with `sentence`."""
    try:
        found = to_host(text)
    except Unreadable:
        found = None
    if not found:
        raise refusal(field, sentence)
    return found


def domain_name(text: str) -> str:
    """A domain name as DNS has it. Raises InvalidRequest."""
    name = host("name", text, "This is no domain name.")
    if "." not in name or "*" in name:
        raise refusal("name", "This is no domain name.")
    return name


def whole(field: str, text: str, sentence: str) -> int:
    """An id as the number that the portal takes. Raises InvalidRequest with `sentence`."""
    if not _WHOLE.fullmatch(text):
        raise refusal(field, sentence)
    return int(text)


def _number(text: str) -> int | str:
    return int(text) if _WHOLE.fullmatch(text) else text


def check_years(years: int) -> None:
    if not 1 <= years <= MOST_YEARS:
        raise refusal("years", f"A domain is ordered for 1 to {MOST_YEARS} years.")


def payment_method_id(text: str) -> int | None:
    """The id as the portal takes it, None where none was chosen. Raises InvalidRequest."""
    return whole("payment_method", text, "No way to pay of this portal has such an id.") if text else None


# --- what is answered ------------------------------------------------------------------------------------------------------


def check_whole(data: Any, items: Sequence[Item], operation: str) -> None:
    """Raises OutcomeUnknown where the answer to an order of several things shows that only some of them were ordered.

    A renewal makes nothing new, so nothing need stand there for it.
    """
    told = data.get("items") if isinstance(data, Mapping) else None
    rows = list(told.values()) if isinstance(told, Mapping) else told
    if not isinstance(rows, list) or not rows or not all(isinstance(row, Mapping) for row in rows):
        return
    failed = any(refused(row) for row in rows)
    new = sum(not isinstance(item, RenewItem) for item in items)
    if failed or len(rows) < new:
        number = scalar_text(data.get("invoice_id"))
        where = f" Its invoice has the id {number}." if number else ""
        raise OutcomeUnknown(
            f"The portal seems to have ordered only some of these things.{where} Look at it before anything is tried again.",
            operation=operation,
            upstream_words="; ".join(filter(None, map(words_of, rows))),
        )


def order_of(portal: Portal, data: Any, scrubber: Scrubber | None = None) -> Order:
    """What the answer to an order names. The shape of a renewal's is not documented, so nothing in it is needed. `scrubber` takes
    out of its words what was sent as a secret."""
    if not isinstance(data, Mapping):
        return Order()
    inner = next((data[key] for key in ("order", "details") if isinstance(data.get(key), Mapping)), data)
    row = Row({**data, **inner}, portal.zone)
    invoice = row.word("invoice_id", "invoiceid", "invoice")
    words = _sentences(row.raw("info"))
    return Order(
        number=row.word("order_num", "order_number", "order_id") or _numbers(row.raw("order_num_list")),
        invoice_id="" if invoice == "0" else invoice,
        total=row.money("total", "total"),
        currency=row.currency(),
        items=tuple(_ordered(row.raw("items"), portal)),
        words=scrubber.clean(words) if scrubber else words,
    )


def _numbers(value: Any) -> str:
    """The numbers of several orders, each once: things that were ordered together usually have one."""
    texts = [scalar_text(one) for one in value] if isinstance(value, list) else []
    return ", ".join(dict.fromkeys(text for text in texts if text))[:200]


def _ordered(value: Any, portal: Portal) -> Iterable[OrderedItem]:
    """One thing alone, or a list of them; what has no id is left out."""
    if isinstance(value, Mapping) and not all(isinstance(one, Mapping) for one in value.values()):
        value = [value]
    try:
        rows = to_list(value)
    except Unreadable:
        return
    for one in rows:
        row = Row(one if isinstance(one, Mapping) else {}, portal.zone)
        key = row.id("id", "id")
        if key:
            yield OrderedItem(
                id=key,
                type=row.word("type"),
                name=row.word("name"),
                product_id=row.id("product_id", "product_id") or "",
            )


def _sentences(value: Any) -> str:
    """`info` mixes codes, which are for nobody, and sentences."""
    texts = [scalar_text(one) or "" for one in (value if isinstance(value, list) else [value])]
    return " ".join(text for text in texts if " " in text)[:500]
