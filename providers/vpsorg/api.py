"""What the families of one VPS.org account share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from providers.contract import Connection
from providers.errors import (
    MalformedResponse,
    NotFound,
    NotSupported,
    PermissionDenied,
    ProviderError,
)
from providers.resources import Page, Profile, Upstream
from providers.transport import Transport
from providers.vpsorg import parse
from providers.vpsorg.client import ApiToken, VpsOrgClient
from providers.vpsorg.lists import PAGE_SIZE, BadRowError, Form, Listing, Turn

T = TypeVar("T", bound=Upstream)

_DAY = 24 * 3600
_MONTH = 30 * _DAY
_FORM = "vpsorg.form"
_SCOPES = "vpsorg.scopes"
_REFUSED = "vpsorg.refused."
_REFUSED_CHANGES = "vpsorg.refused.changes."


class Kind(NamedTuple):
    """A list of upstream's: whose scope it is, how it is called, and how its names are spelled."""

    scope: str
    operation: str
    names: tuple[str, ...]


DOMAINS = Kind("domains", "GET /domains/", parse.DOMAIN_NAMES)


class Api:
    """What the families share: the client, the form that the API has, and what the token was refused."""

    def __init__(self, connection: Connection) -> None:
        self.transport = Transport(connection, ApiToken(connection))
        self.client = VpsOrgClient(self.transport)
        self._account = connection.account_name
        self._memory = connection.memory

    def form(self) -> Form | None:
        kept = self._memory.get(_FORM)
        return Form(kept) if kept in set(Form) else None

    def page(self, kind: Kind, token: str | None, ask: Callable[..., Any], read: Callable[[Any, Form], T]) -> Page[T]:
        """One page of a list, its rows read by `read`. The first page tells the API's form anew."""
        turn = Turn.parse(token)
        paged = self.form() is not Form.DOCUMENTED or turn.page > 1
        try:
            data = ask(page=turn.page, page_size=PAGE_SIZE) if paged else ask()
        except ProviderError as error:
            if turn.page > 1 and isinstance(error, NotFound):
                note = "The list became shorter while it was read."
                return Page(items=(), complete=False, note=note)
            raise self._noted(kind, error) from None
        try:
            listing = Listing.read(data, turn)
            form = self._learned(listing, kind)
            return listing.page(turn, lambda row: read(row, form), kind.names)
        except MalformedResponse as error:
            raise self.placed(error, kind.operation) from None

    def one(self, operation: str, data: Any, read: Callable[[Any, Form], T], wanted: str) -> T:
        """One thing out of a detail's answer. Raises MalformedResponse when it is unreadable or another one."""
        row = data if isinstance(data, dict) else {}
        uuid, number = row.get("uuid"), row.get("id")
        form = Form.PRESENT if uuid and str(uuid) == wanted else Form.DOCUMENTED
        if wanted not in {str(uuid), str(number)}:
            error = MalformedResponse("The portal answered with another thing than the one asked for.")
            raise self.placed(error, operation)
        try:
            return read(data, form)
        except BadRowError as error:
            raise self.placed(MalformedResponse(f"The portal's answer makes no sense: {error}."), operation) from None
        except MalformedResponse as error:
            raise self.placed(error, operation) from None

    def refused(self, scope: str) -> bool:
        """Whether the token may not use a family: by its scopes, or because it was refused within a day."""
        if self._memory.get(_REFUSED + scope):
            return True
        scopes = self._memory.get(_SCOPES)
        return isinstance(scopes, list) and bool(scopes) and not _covered(scope, scopes, "read")

    def change(self, scope: str, operation: str, send: Callable[[], Any]) -> Any:
        """The answer to a change. Raises NotSupported, with nothing sent, for a token or an API that is known not to allow it."""
        if not self.changes(scope):
            sentence = "The portal’s API or this account’s token does not allow this. Nothing was sent."
            raise NotSupported(sentence, operation=operation, account=self._account)
        try:
            return send()
        except PermissionDenied:
            self._memory.set(_REFUSED_CHANGES + scope, "denied", keep_seconds=_DAY)
            raise

    def changes(self, scope: str) -> bool:
        """Whether the token may change a family's things, and the API is one in which that is known to be possible."""
        if self.refused(scope) or self._memory.get(_REFUSED_CHANGES + scope) or self.form() is Form.DOCUMENTED:
            return False
        scopes = self._memory.get(_SCOPES)
        return not (isinstance(scopes, list) and scopes) or _covered(scope, scopes, "write")

    def placed(self, error: ProviderError, operation: str) -> ProviderError:
        """`error` with what it lacks of operation and account."""
        error.operation = error.operation or operation
        error.account = error.account or self._account
        return error

    def profile(self) -> Profile:
        """Whose token this is. An API without `/account/me/`, as the documented one, only shows that the token is good."""
        try:
            found = parse.profile(self.client.account())
        except (NotFound, NotSupported, PermissionDenied):
            return self._profile_by_domains()
        except MalformedResponse as error:
            if error.status == 404:  # an unknown path may be answered with a web page
                return self._profile_by_domains()
            raise self.placed(error, "GET /account/me/") from None
        self._memory.set(_SCOPES, list(found.scopes), keep_seconds=_DAY)
        return found

    def _profile_by_domains(self) -> Profile:
        try:
            Listing.read(self.client.list_domains(), Turn())
        except PermissionDenied:
            pass  # a good token that may do something else
        except MalformedResponse as error:
            raise self.placed(error, DOMAINS.operation) from None
        return Profile(id="", email="", name="API token")

    def _learned(self, listing: Listing, kind: Kind) -> Form:
        form = listing.form()
        known = self.form()
        # domains alone decide: they are documented in both forms, everything else exists in the present one only
        if form is not None and form is not known and (kind is DOMAINS or known is None):
            self._memory.set(_FORM, form.value, keep_seconds=_MONTH)
        return form or known or Form.PRESENT

    def _noted(self, kind: Kind, error: ProviderError) -> ProviderError:
        """Keeps for a day that a whole family is closed to this token or does not exist."""
        absent = isinstance(error, NotFound | NotSupported) or (
            isinstance(error, MalformedResponse) and error.status == 404
        )
        if absent and kind is not DOMAINS:
            self._memory.set(_REFUSED + kind.scope, "absent", keep_seconds=_DAY)
            sentence = "This portal's API has no such list."
            return NotSupported(sentence, operation=kind.operation, account=self._account, status=error.status)
        if isinstance(error, PermissionDenied):
            self._memory.set(_REFUSED + kind.scope, "denied", keep_seconds=_DAY)
        return error


def _covered(scope: str, scopes: list[Any], verb: str) -> bool:
    return any(granted in scopes for granted in ("*:*", f"*:{verb}", f"{scope}:*", f"{scope}:{verb}"))
