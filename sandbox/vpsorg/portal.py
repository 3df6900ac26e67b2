"""VPS.org: bearer tokens with scopes, native JSON types, HTTP status codes, pages."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from sandbox.limits import LIMITS
from sandbox.messages import Refusal, Request, Response, UnreadableBody, plain_json
from sandbox.portal import Portal
from sandbox.routing import Route, Router
from sandbox.state import Record, State

DEFAULT_PAGE = 20
LARGEST_PAGE = 100
ACCOUNT = "1"
FORMS = ("both", "documented", "present")
# what the documentation page has; everything else was seen at public clients
DOCUMENTED = frozenset(
    (
        ("GET", "/domains/"),
        ("POST", "/domains/"),
        ("GET", "/domains/{domain_id}/"),
        ("PUT", "/domains/{domain_id}/"),
        ("DELETE", "/domains/{domain_id}/"),
        ("POST", "/domains/{domain_id}/transfer/"),
    )
)
# of a domain's fields, those that are the other form's
NUMBERED = tuple(f"nameserver{number}" for number in range(1, 5))
HIDDEN: dict[str, frozenset[str]] = {
    "both": frozenset(),
    "documented": frozenset(("uuid", "transfer_lock", "whois_privacy", *NUMBERED)),
    "present": frozenset(("id", "locked", "privacy_protection", "nameservers", "dns_managed_by")),
}


class VpsOrgPortal(Portal):
    key = "vps-org"
    api_root = "/api/v1"
    default_settings: dict[str, Any] = {
        "clock_offset": 0.0,
        # both: every operation, integer ids and uuids, both spellings. documented: the page alone, integer ids, lists without
        # pages. present: uuids and the spelling of public clients alone.
        "api_form": "both",
        # seconds that a registration stays pending, a power change takes
        "registration_seconds": 300,
        "machine_seconds": 0,
        # days until a transfer is complete
        "transfer_days": 6,
        **LIMITS,
    }

    def __init__(
        self,
        state: State,
        routes: list["Route[VpsOrgPortal]"],
        jobs: dict[str, Callable[["VpsOrgPortal", Record], None]],
        controls: dict[tuple[str, str], Callable[["VpsOrgPortal", Request], Any]],
        seed: int = 0,
    ) -> None:
        super().__init__(state, "UTC", seed)
        self.router = Router(routes)
        self._jobs = jobs
        self._controls = controls

    @property
    def credential(self) -> dict[str, str]:
        return {"token": self.state.all("tokens")[0]["token"]}

    @property
    def auth(self) -> str:
        return "bearer"

    @property
    def account(self) -> Record:
        return self.state.get("account", ACCOUNT) or {}

    @property
    def form(self) -> str:
        return str(self.settings["api_form"])

    def set(self, **values: Any) -> None:
        if values.get("api_form", "both") not in FORMS:
            raise ValueError(f"api_form is one of {', '.join(FORMS)}")
        super().set(**values)

    def in_form(self, fields: dict[str, Any]) -> dict[str, Any]:
        """A domain's fields without those of the form that is not spoken."""
        return {name: value for name, value in fields.items() if name not in HIDDEN[self.form]}

    def run_job(self, job: Record) -> None:
        self._jobs[job["action"]](self, job)

    def commands(self) -> dict[tuple[str, str], Callable[[Request], Any]]:
        return {key: self._bound(command) for key, command in self._controls.items()}

    def _bound(self, command: Callable[["VpsOrgPortal", Request], Any]) -> Callable[[Request], Any]:
        def call(request: Request) -> Any:
            return command(self, request)

        call.__doc__ = command.__doc__
        return call

    def dispatch(self, request: Request) -> Response:
        token = self.authenticate(request)
        found = self.router.find(request.method, request.path.removeprefix(self.api_root))
        if found is None:
            raise not_found()
        route, request.params = found
        if self.form == "documented" and (route.method, route.path) not in DOCUMENTED:
            raise not_found()
        if not allowed(token["scopes"], route.scope, request.method):
            raise refusal("You do not have permission to perform this action.", 403)
        request.session["token"] = token
        value = route.handler(self, request)
        return value if isinstance(value, Response) else plain_json(value)

    def authenticate(self, request: Request) -> Record:
        scheme, _, value = (request.headers.get("authorization") or "").partition(" ")
        if scheme.lower() != "bearer" or not value:
            raise refusal("Authentication credentials were not provided.", 401)
        for token in self.state.all("tokens"):
            if token["token"] == value.strip():
                return token
        raise refusal("Invalid token.", 401)

    def unreadable(self, error: UnreadableBody) -> Response:
        return plain_json({"detail": f"JSON parse error - {error}"}, 400)

    def broken(self, error: Exception) -> Response:
        return plain_json({"detail": f"sandbox bug: {type(error).__name__}: {error}"}, 500)

    def one(self, kind: str, key: str) -> Record:
        """By uuid, or by the integer id of the documentation page, as the form has it."""
        record = self.state.get(kind, key)
        if record is not None and self.form != "documented":
            return record
        for candidate in self.state.all(kind):
            if self.form != "present" and key.isdigit() and str(candidate.get("id")) == key:
                return candidate
        raise not_found()

    def page(
        self, request: Request, records: list[Record], shown: Callable[[Record], dict[str, Any]] = dict
    ) -> dict[str, Any]:
        """`count`, `next`, `previous`, `results`; a page beyond the last is a 404, as with Django REST framework. The page of the
        documentation has no pages: all rows come at once."""
        if self.form == "documented":
            return {"count": len(records), "results": [shown(record) for record in records]}
        size = min(_whole(request.query.get("page_size"), DEFAULT_PAGE), LARGEST_PAGE) or DEFAULT_PAGE
        number = _whole(request.query.get("page"), 1)
        pages = max(1, -(-len(records) // size))
        if not 1 <= number <= pages:
            raise refusal("Invalid page.", 404)
        return {
            "count": len(records),
            "next": self._link(request, number + 1) if number < pages else None,
            "previous": self._link(request, number - 1) if number > 1 else None,
            "results": [shown(record) for record in records[(number - 1) * size : number * size]],
        }

    def _link(self, request: Request, number: int) -> str:
        query = {**request.query, "page": str(number)}
        return f"{self.origin}{request.path}?{urlencode(query)}"

    def charge(self, price: float) -> None:
        """Takes from the balance; refused with 402 when it does not cover."""
        balance = self.account["balance"]
        if balance < price:
            raise refusal("Insufficient account balance.", 402)
        self.state.edit("account", ACCOUNT)["balance"] = round(balance - price, 2)


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() else default


def allowed(scopes: list[str], needed: str, method: str) -> bool:
    """`needed` is a family such as `domains`; reading is granted by `:read` as well as by `:*`."""
    if not needed or "*:*" in scopes or f"{needed}:*" in scopes:
        return True
    return method == "GET" and f"{needed}:read" in scopes


def refusal(detail: str, status: int) -> Refusal:
    return Refusal(plain_json({"detail": detail}, status))


def not_found() -> Refusal:
    return refusal("Not found.", 404)


def invalid(**fields: str) -> Refusal:
    """400 with a list of messages for each field."""
    return Refusal(plain_json({name: [message] for name, message in fields.items()}, 400))
