"""One HostBill portal: its flavour, who may call, and what follows by itself when an invoice is paid."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.hostbill import swagger
from sandbox.hostbill.tokens import LoginLimit, Tokens, read_basic
from sandbox.limits import LIMITS
from sandbox.messages import Refusal, Request, Response, UnreadableBody, php_json
from sandbox.portal import Portal
from sandbox.routing import Route, Router
from sandbox.state import Record, State

CLIENT = "1"


@dataclass(frozen=True, slots=True)
class Flavour:
    """What differs between two installations of the same product."""

    key: str
    title: str
    zone: str
    currency: str
    auth: str
    nameservers: tuple[str, ...]
    # the status of a refusal; 200 means 'read the body'
    refusal_status: int
    login_limited: bool
    # zone records as an object keyed by position, names in full, every value text
    terse_zones: bool


CLOUDVIET = Flavour(
    key="cloudviet",
    title="Cloudviet",
    zone="Asia/Ho_Chi_Minh",
    currency="VND",
    auth="basic",
    nameservers=("ns1.cloudviet.vn", "ns2.cloudviet.vn"),
    refusal_status=404,
    login_limited=False,
    terse_zones=False,
)
DNS_SERVICES = Flavour(
    key="dns-services",
    title="DNS.services",
    zone="Europe/Copenhagen",
    currency="DKK",
    auth="jwt",
    nameservers=("ns1.dns.services", "ns2.dns.services"),
    refusal_status=200,
    login_limited=True,
    terse_zones=True,
)


class HostBillPortal(Portal):
    api_root = "/api"
    unlogged = frozenset({"/login", "/token", "/revoke", "/signup", "/passwordreset"})
    default_settings: dict[str, Any] = {
        "clock_offset": 0.0,
        "token_seconds": 900,
        "refresh_seconds": 86400,
        "login_limit": 25,
        "login_window_seconds": 240,
        # a new invoice is paid from credit by itself where the credit covers it
        "auto_pay_from_credit": False,
        "insists_on_payment_method": False,
        # a renewal is refused while the expiry is further away than this; 0: no window
        "renewal_window_days": 0,
        # seconds between a paid renewal and the registrar's moving of the expiry
        "registrar_seconds": 0,
        # seconds between a paid transfer and the domain's arrival
        "transfer_seconds": 5 * 86400,
        # seconds that a reboot, start or stop of a machine takes
        "machine_seconds": 0,
        # days after which an unpaid invoice cancels itself and its order; 0: never
        "cancel_unpaid_after_days": 0,
        # days before the expiry at which the portal itself invoices an automatic renewal; 0: it never does
        "invoice_ahead_days": 0,
        "modules_off": [],
        **LIMITS,
    }

    def __init__(
        self,
        flavour: Flavour,
        state: State,
        routes: list["Route[HostBillPortal]"],
        jobs: dict[str, Callable[["HostBillPortal", Record], None]],
        controls: dict[tuple[str, str], Callable[["HostBillPortal", Request], Any]],
        daily: Callable[["HostBillPortal", str], None],
        seed: int = 0,
    ) -> None:
        self.flavour = flavour
        self.key = flavour.key
        super().__init__(state, flavour.zone, seed)
        self.router = Router(routes)
        self.login_limit = LoginLimit()
        self.tokens = Tokens(state, self.clock, f"https://{flavour.key}.sandbox")
        self._jobs = jobs
        self._controls = controls
        self._daily = daily

    @property
    def client(self) -> Record:
        return self.state.get("client", CLIENT) or {}

    @property
    def credential(self) -> dict[str, str]:
        return {"username": self.client["email"], "password": self.client["password"]}

    @property
    def auth(self) -> str:
        return self.flavour.auth

    def run_job(self, job: Record) -> None:
        self._jobs[job["action"]](self, job)

    def run_due_jobs(self) -> None:
        super().run_due_jobs()
        self._daily(self, self.clock.day(0))

    def commands(self) -> dict[tuple[str, str], Callable[[Request], Any]]:
        return {key: self._bound(command) for key, command in self._controls.items()}

    def _bound(self, command: Callable[["HostBillPortal", Request], Any]) -> Callable[[Request], Any]:
        def call(request: Request) -> Any:
            return command(self, request)

        call.__doc__ = command.__doc__
        return call

    def dispatch(self, request: Request) -> Response:
        found = self.router.find(request.method, request.path.removeprefix(self.api_root))
        if found is None or found[0].section in self.settings["modules_off"]:
            return self.error("invalid method")
        route, request.params = found
        if not route.public:
            self.authenticate(request)
        value = route.handler(self, request)
        return value if isinstance(value, Response) else php_json(value)

    def authenticate(self, request: Request) -> None:
        """Refuses with 401 unless the call carries the client's password or a live access token."""
        header = request.headers.get("authorization") or ""
        scheme, _, value = header.partition(" ")
        if scheme.lower() == "bearer":
            token = self.tokens.find(value.strip(), "token")
            if token is None:
                raise Refusal(php_json({"error": ["Expired token"]}, 401))
            request.session["token"] = token
            return
        basic = read_basic(header)
        if basic is None:
            raise Refusal(
                php_json({"error": ["unauthorized"]}, 401, {"WWW-Authenticate": f'Basic realm="{self.flavour.title}"'})
            )
        if not self.password_fits(*basic):
            raise Refusal(php_json({"error": ["Invalid username or password"]}, 401))

    def password_fits(self, username: str, password: str) -> bool:
        people = [self.client, *self.state.all("contacts")]
        for person in people:
            kept = str(person.get("password") or "")
            if kept and str(person.get("email", "")).lower() == username.lower():
                return hmac.compare_digest(kept.encode(), password.encode())
        return False

    def outside(self, request: Request) -> Response:
        wanted = request.query.get("action") == "swagger" and request.query.get("cmd") == "userapi"
        if request.path in ("/", "/index.php") and wanted:
            on = [route for route in self.router.routes if route.section not in self.settings["modules_off"]]
            return php_json(swagger.document(self.flavour.title, f"{self.host}:{self.port}", self.api_root, on))
        return super().outside(request)

    def error(self, message: str, status: int | None = None) -> Response:
        return php_json({"error": [message]}, self.flavour.refusal_status if status is None else status)

    def refuse(self, message: str, status: int | None = None) -> Refusal:
        """To be raised: `{"error": [message]}` with the flavour's status for refusals."""
        return Refusal(self.error(message, status))

    def invalid(self, message: str) -> Refusal:
        """To be raised for bad values and broken rules: HTTP 200 with `success` false, as seen on the wire."""
        return Refusal(php_json({"success": False, "error": [message]}))

    def unreadable(self, error: UnreadableBody) -> Response:
        return php_json({"error": [f"Invalid request body: {error}"]}, 400)

    def broken(self, error: Exception) -> Response:
        return php_json({"error": [f"sandbox bug: {type(error).__name__}: {error}"]}, 500)

    def one(self, kind: str, key: str, what: str) -> Record:
        """The record, or the portal's 'no such thing'."""
        record = self.state.get(kind, key)
        if record is None:
            raise self.refuse(f"{what} not found")
        return record

    def note(self, event: str, request: Request | None = None) -> None:
        """A line in the account's log."""
        key = str(self.state.next_id("logs", 50000))
        ip = request.client if request else "127.0.0.1"
        self.state.put("logs", key, {"id": key, "date": self.clock.stamp(), "event": event, "ip": ip})
