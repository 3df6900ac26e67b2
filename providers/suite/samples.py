"""A value for every parameter of the contract, taken from what the adapter itself lists."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from providers.contract import Provider, pages
from providers.families import FAMILIES
from providers.offers import (
    CertificateOrder,
    DomainOrder,
    Item,
    MachineOrder,
    ProductItem,
    RenewItem,
    UpgradeRequest,
)
from providers.people import AffiliatePart, ContactDraft, PersonDraft, SignUp
from providers.registrant import DnssecKeyDraft, DomainContacts, EmailForward, Person, WebForward
from providers.resources import MachineStatus, Record, RecordDraft

ALICE = {
    "first_name": "Alice",
    "last_name": "Ash",
    "address": ("1 Short Street",),
    "city": "Town",
    "state": "State",
    "postcode": "10000",
    "country": "US",
    "phone": "+1.2125550100",
}


def request_for(host: str) -> str:
    """A certificate request in PEM, with a key that is thrown away."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    request = x509.CertificateSigningRequestBuilder().subject_name(name)
    signed = request.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


class NoSampleError(LookupError):
    """The account holds nothing of a kind that a method is to be called with."""


class Samples:
    """Arguments for the methods of a contract.

    The value of a parameter is what the method of this class answers that is named `<family>_<method>_<parameter>`, else
    `<family>_<parameter>`, else `<parameter>`. Subclass it to name things that your portal's state makes fit: the first thing
    of a list is not always one that can be renewed or started.
    """

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    def arguments(self, capability: str) -> dict[str, Any]:
        """By name, for every parameter of `family.method` without a default. Raises NoSampleError."""
        family, _, method = capability.partition(".")
        parameters = inspect.signature(getattr(FAMILIES[family], method)).parameters.values()
        chosen = {one.name: self._maker(family, method, one.name) for one in parameters if one.name != "self"}
        needed = {one.name for one in parameters if one.default is inspect.Parameter.empty}
        own = f"{family}_{method}_"
        return {
            name: maker() for name, maker in chosen.items() if maker and (name in needed or hasattr(self, own + name))
        }

    def _maker(self, family: str, method: str, parameter: str) -> Callable[[], Any] | None:
        for name in (f"{family}_{method}_{parameter}", f"{family}_{parameter}", parameter):
            if hasattr(self, name):
                maker: Callable[[], Any] = getattr(self, name)
                return maker
        return None

    def first(self, things: Iterable[Any], what: str) -> Any:
        """The first of `things`. Raises NoSampleError."""
        for one in things:
            return one
        raise NoSampleError(f"the account holds no {what}")

    def listed(self, family: str, method: str = "list") -> list[Any]:
        """Everything on a list; nothing where the portal has no such list."""
        if not self.provider.can(f"{family}.{method}"):
            return []
        return [one for page in pages(getattr(getattr(self.provider, family), method)) for one in page.items]

    def told(self, family: str, method: str, *arguments: Any) -> tuple[Any, ...]:
        """What a method answers; nothing where the portal has none."""
        if not self.provider.can(f"{family}.{method}"):
            return ()
        answer: tuple[Any, ...] = getattr(getattr(self.provider, family), method)(*arguments)
        return answer

    # --- what there is -------------------------------------------------------------------------------------------------------

    def domain_id(self) -> str:
        return str(self.first(self.listed("domains"), "domain").id)

    def zone_id(self) -> str:
        return str(self.first(self.listed("dns"), "zone").id)

    def invoice_id(self) -> str:
        return str(self.first(self.listed("billing"), "invoice").id)

    def number(self) -> str:
        return str(self.first(self.listed("support"), "ticket").number)

    def service_id(self) -> str:
        return str(self.first(self.listed("services"), "service").id)

    def machine_id(self) -> str:
        return str(self.first(self.listed("services", "list_machines"), "virtual machine").id)

    def certificate_id(self) -> str:
        return str(self.first(self.listed("certificates"), "certificate").id)

    def contact_id(self) -> str:
        return str(self.first(self.listed("profile", "list_contacts"), "contact").id)

    def category_id(self) -> str:
        return str(self.first(self.told("catalog", "categories"), "category").id)

    def catalog_product_id(self) -> str:
        found = (
            one
            for category in self.told("catalog", "categories")
            for one in self.told("catalog", "products", category.id)
        )
        return str(self.first(found, "product").id)

    def certificates_product_id(self) -> str:
        return str(self.first(self.told("certificates", "products"), "certificate on sale").id)

    def tld_id(self) -> str:
        return str(self.first((one.id for one in self.told("domains", "prices") if one.id), "ending on sale"))

    def department_id(self) -> str:
        return str(self.first(self.told("support", "departments"), "department").id)

    def notification_id(self) -> str:
        return str(self.first(self.told("profile", "notifications"), "notification").id)

    def attachment_id(self) -> str:
        assert self.provider.support is not None
        threads = (self.provider.support.detail(ticket.number) for ticket in self.listed("support"))
        files = (file.id for thread in threads for reply in thread.replies for file in reply.attachments)
        return str(self.first(files, "attachment"))

    def template_id(self) -> str:
        return str(self.first(self.told("services", "templates", self.machine_id()), "template").id)

    def plan_id(self) -> str:
        return str(self.first(reversed(self.told("catalog", "plans")), "plan").id)

    def services_key_id(self) -> str:
        return str(self.first(self.told("services", "ssh_keys"), "SSH key").id)

    def domains_key_id(self) -> str:
        """A key of the first domain, put there where it has none."""
        if not self.told("domains", "dnssec_keys", self.domain_id()) and self.provider.can("domains.add_dnssec_key"):
            assert self.provider.domains is not None
            self.provider.domains.add_dnssec_key(self.domain_id(), self.key())
        return str(self.first(self.told("domains", "dnssec_keys", self.domain_id()), "DNSSEC key").id)

    def services_start_machine_id(self) -> str:
        return self._machine(MachineStatus.STOPPED, "stop")

    def services_stop_machine_id(self) -> str:
        return self._machine(MachineStatus.RUNNING, "start")

    def services_power_off_machine_id(self) -> str:
        return self._machine(MachineStatus.RUNNING, "start")

    def services_reboot_machine_id(self) -> str:
        return self._machine(MachineStatus.RUNNING, "start")

    def services_unsuspend_machine_id(self) -> str:
        return self._machine(MachineStatus.SUSPENDED, "suspend")

    def _machine(self, status: MachineStatus, else_by: str) -> str:
        """A machine in that state, brought there where none is."""
        machines = self.listed("services", "list_machines")
        found = [one.id for one in machines if one.status is status]
        if not found and self.provider.can(f"services.{else_by}"):
            found = [one.id for one in machines if one.status in (MachineStatus.RUNNING, MachineStatus.STOPPED)][:1]
            for machine_id in found:
                getattr(self.provider.services, else_by)(machine_id)
        return str(self.first(found, f"virtual machine that is {status}"))

    def record(self) -> Record:
        assert self.provider.dns is not None
        records = self.provider.dns.detail(self.zone_id()).records
        found: Record = self.first((one for one in records if one.type == "A"), "A record")
        return found

    def domains_name(self) -> str:
        return str(self.first(self.listed("domains"), "domain").name)

    # --- what is wished ------------------------------------------------------------------------------------------------------

    def years(self) -> int:
        return 1

    def on(self) -> bool:
        return True

    def domains_lookup_name(self) -> str:
        return "a-name-that-is-free.com"

    def nameservers(self) -> tuple[str, ...]:
        return ("ns1.example.net", "ns2.example.net")

    def host(self) -> str:
        return f"ns1.{self.domains_name()}"

    def addresses(self) -> tuple[str, ...]:
        return ("192.0.2.53",)

    def contacts(self) -> DomainContacts:
        return DomainContacts(registrant=Person(**ALICE, email="alice@example.net"))  # type: ignore[arg-type]  # as its fields

    def forwards(self) -> tuple[EmailForward, ...]:
        return (EmailForward(alias="info", to="alice@example.net"),)

    def forward(self) -> WebForward:
        return WebForward(url="https://www.example.net/")

    def key(self) -> DnssecKeyDraft:
        return DnssecKeyDraft(algorithm=13, flags=257, public_key="bWFkZSBmb3IgdGhlIGNvbnRyYWN0IHN1aXRl", key_tag=12345)

    def domains_order(self) -> DomainOrder:
        return DomainOrder(name="a-name-that-is-free.com", nameservers=self.nameservers())

    def domains_transfer_order(self) -> DomainOrder:
        return DomainOrder(name="a-name-from-elsewhere.com", epp_code="Xy9-Kl2-Mn4")

    def dns_name(self) -> str:
        return "a-new-zone.example"

    def place(self) -> str:
        return str(self.first(self.told("dns", "places"), "place for a zone"))

    def dns_create_zone_place(self) -> str:
        return self.place()

    def dns_draft(self) -> RecordDraft:
        return RecordDraft(name="contract-suite", type="A", content="192.0.2.99")

    def dns_change_draft(self) -> RecordDraft:
        record = self.record()
        return RecordDraft(name=record.name, type=record.type, content="192.0.2.98", ttl=record.ttl)

    def subject(self) -> str:
        return "From the contract suite"

    def body(self) -> str:
        return "Please disregard.\n\nAlice"

    def label(self) -> str:
        return "contract suite"

    def immediate(self) -> bool:
        return False

    def reason(self) -> str:
        return "The contract suite has ended."

    def names(self) -> Mapping[str, str]:
        services = (self.told("services", "addresses", one.id) for one in self.listed("services"))
        address = self.first((one.ip for found in services for one in found), "address of a service")
        return {str(address): "host.example.net"}

    def request(self) -> UpgradeRequest:
        assert self.provider.services is not None
        options = self.provider.services.upgrade_options(self.service_id())
        chosen = {one.name: one.choices[-1].id for one in options.resources if one.choices}
        package = options.packages[0].id if options.packages and not chosen else ""
        return UpgradeRequest(resources=chosen, package_id=package)

    def items(self) -> tuple[Item, ...]:
        if self.provider.can("catalog.products"):
            return (ProductItem(product_id=self.catalog_product_id()),)
        return (RenewItem(domain_id=self.domain_id()),)

    def certificates_order(self) -> CertificateOrder:
        product_id = self.certificates_product_id()
        software = self.told("certificates", "software", product_id)
        return CertificateOrder(
            product_id=product_id,
            csr=request_for("www.example.net"),
            approver_email="admin@example.net",
            software_id=software[0].id if software else "",
        )

    def services_order(self) -> MachineOrder:
        place = self.first(self.told("catalog", "locations"), "location")
        versions = (version.id for system in self.told("catalog", "systems") for version in system.versions)
        return MachineOrder(
            hostname="suite.example.net",
            plan_id=str(self.first(self.told("catalog", "plans"), "plan").id),
            location_id=place.id,
            system_version_id=str(self.first(versions, "system")),
        )

    def services_name(self) -> str:
        return "contract suite"

    def public_key(self) -> str:
        return "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEnvHWvZ4nFzvWqkFvWqkFvWqkFvWqkFvWqkFvWqkFvW alice@example.net"

    def part(self) -> AffiliatePart:
        return AffiliatePart.SUMMARY

    def profile_update_draft(self) -> PersonDraft:
        return PersonDraft(city="Other Town")

    def profile_change_contact_draft(self) -> ContactDraft:
        return ContactDraft(city="Other Town")

    def profile_add_contact_draft(self) -> ContactDraft:
        return ContactDraft(**ALICE, email="alice.new@example.net", password="s3cret-Suite-1")  # type: ignore[arg-type]  # as above

    def profile_sign_up_draft(self) -> SignUp:
        return SignUp(**ALICE, email="alice.other@example.net", password="s3cret-Suite-1")  # type: ignore[arg-type]  # as above

    def email(self) -> str:
        return "alice@example.net"
