"""What the families of one VPS.org account share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple, NoReturn, TypeVar

from providers.contract import Connection
from providers.errors import (
    InvalidRequest,
    MalformedResponse,
    NotFound,
    NotSupported,
    OutcomeUnknown,
    PermissionDenied,
    ProviderError,
)
from providers.resources import Page, Profile, Upstream
from providers.transport import Limits, Transport
from providers.values import Unreadable, is_nothing, to_bool
from providers.vpsorg.client import VpsOrgClient
from providers.vpsorg.learned import HOUR, Known, Learned
from providers.vpsorg.lists import PAGE_SIZE, BadRowError, Form, Listing, Turn
from providers.vpsorg.operations import Need, allowed
from providers.vpsorg.parse import account
from providers.vpsorg.parse.domains import DOMAIN_NAMES
from providers.vpsorg.token import ApiToken

T = TypeVar("T", bound=Upstream)
S = TypeVar("S")

MOST_PAGES: Final = 100
_SCOPE_LIMITS: Final = Limits(connect=3.0, read=5.0, total=8.0)
"""Optional knowledge: whoever asks what is offered does not wait long for it."""


class Kind(NamedTuple):
    """A list of upstream's: whose scope it is, how it is called, and how its names are spelled. A list that stands
    `beside` the things of its scope says nothing about them when it is refused."""

    scope: str
    operation: str
    names: tuple[str, ...] = ()
    beside: bool = False


DOMAINS: Final = Kind("domains", "GET /domains/", DOMAIN_NAMES)


class Api:
    """What the families share: the client, the form that the API has, and what the token was refused."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._token = ApiToken(connection)
        self.transport = Transport(connection, self._token)
        self.client = VpsOrgClient(self.transport)
        self.learned = Learned(connection.memory)
        self._account = connection.account_name

    # --- lists and details -------------------------------------------------------------------------------------------------

    def page(self, kind: Kind, token: str | None, ask: Callable[..., Any], read: Callable[[Any, Form], T]) -> Page[T]:
        """One page of a list, its rows read by `read`. The first page tells the API's form anew."""
        turn = Turn.parse(token)
        try:
            listing = self._listing(kind, turn, ask)
        except NotFound:
            if turn.page == 1:
                raise
            return Page(items=(), complete=False, note="The list became shorter while it was read.")
        form = self._formed(listing, kind)
        try:
            return listing.page(turn, lambda row: read(row, form), kind.names)
        except MalformedResponse as error:
            raise self.placed(error, kind.operation) from None

    def whole(self, kind: Kind, ask: Callable[..., Any], read: Callable[[Any], S]) -> tuple[S, ...]:
        """A whole list, page after page, without the rows that can't be read: what has no id can't be chosen anyway."""
        return tuple(one for row in self._rows(kind, ask) for one in _readable(read, row))

    def _rows(self, kind: Kind, ask: Callable[..., Any]) -> Iterator[Any]:
        turn: Turn | None = Turn()
        while turn is not None:
            try:
                listing = self._listing(kind, turn, ask)
            except NotFound:
                if turn.page == 1:
                    raise
                return  # the list became shorter while it was read
            yield from listing.rows
            following = listing.next_page
            if following is not None and following > MOST_PAGES:
                raise self.placed(MalformedResponse("The portal's list has no end."), kind.operation)
            turn = None if following is None else Turn(following, turn.before + len(listing.rows))

    def _listing(self, kind: Kind, turn: Turn, ask: Callable[..., Any]) -> Listing:
        paged = self.learned.form() is not Form.DOCUMENTED or turn.page > 1
        try:
            data = ask(page=turn.page, page_size=PAGE_SIZE) if paged else ask()
        except ProviderError as error:
            if turn.page > 1 and isinstance(error, NotFound):
                raise
            raise self._noted(kind, error) from None
        try:
            return Listing.read(data, turn)
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

    # --- asking and changing -----------------------------------------------------------------------------------------------

    def call(self, need: Need, send: Callable[[], Any]) -> Any:
        """The answer to what a portal or a token may lack. Raises NotSupported, with nothing sent, where that is
        known."""
        if not allowed(need, self.learned.now()):
            sentence = "The portal’s API or this account’s token does not allow this. Nothing was sent."
            raise self.placed(NotSupported(sentence), need.operation)
        try:
            answer = send()
        except PermissionDenied:
            self._forbidden(need)
            raise
        except ProviderError as error:
            if not _is_absent(error, need.operation):
                raise
            self.learned.refuse(need.operation)
            sentence = "The portal’s API has no such operation. Nothing changed."
            raise NotSupported(sentence, operation=need.operation, account=self._account, status=error.status) from None
        if need.changes and reports_failure(answer):
            raise self.unsure(need.operation, "The portal accepted this and reports a failure at once.")
        return answer

    def _forbidden(self, need: Need) -> None:
        """Keeps that the token may not do this, unless its scopes say that it may: then it was about one thing alone."""
        known = self.learned.now()
        if not need.changes:
            self.learned.refuse(need.operation)
        elif not (known.scopes and known.writes(need.scope)):
            self.learned.refuse(f"{need.scope}:write")

    def refuse(self, operation: str, field: str, sentence: str) -> NoReturn:
        """Raises InvalidRequest before anything is sent."""
        error = InvalidRequest(f"{sentence} Nothing was sent.", fields={field: [sentence]})
        raise self.placed(error, operation)

    def unsure(self, operation: str, sentence: str) -> OutcomeUnknown:
        """The error for a change whose answer leaves open what became of it."""
        told = f"{sentence} Look at the portal before it is tried again."
        return OutcomeUnknown(told, operation=operation, account=self._account)

    def placed(self, error: ProviderError, operation: str) -> ProviderError:
        """`error` with what it lacks of operation and account."""
        error.operation = error.operation or operation
        error.account = error.account or self._account
        return error

    # --- whose token it is -------------------------------------------------------------------------------------------------

    def profile(self) -> Profile:
        """Whose token this is. An API without `/account/me/`, as the documented one, only shows that the token is
        good."""
        try:
            found = account.profile(self.client.account.me())
        except (NotFound, NotSupported, PermissionDenied):
            return self._profile_by_domains()
        except MalformedResponse as error:
            if error.status == 404:  # an unknown path may be answered with a web page
                return self._profile_by_domains()
            raise self.placed(error, "GET /account/me/") from None
        self.learned.keep_scopes(found.scopes)
        return found

    def _profile_by_domains(self) -> Profile:
        self.learned.keep_scopes(())
        try:
            listing = Listing.read(self.client.domains.list(), Turn())
        except PermissionDenied:
            pass  # a good token that may do something else
        except MalformedResponse as error:
            raise self.placed(error, DOMAINS.operation) from None
        else:
            self._formed(listing, DOMAINS)
        return Profile(id="", email="", name="API token")

    def known(self) -> Known:
        """What is known, after asking for the token's scopes where nobody has within a day."""
        if not self.learned.scopes_asked():
            self._ask_scopes()
        return self.learned.now()

    def _ask_scopes(self) -> None:
        hurried = Transport(self._connection, self._token, limits=_SCOPE_LIMITS)
        try:
            data = hurried.read("GET", "/account/me/", operation="GET /account/me/", retry=False).data
            self.learned.keep_scopes(account.profile(data).scopes)
        except (NotFound, NotSupported, PermissionDenied):
            self.learned.keep_scopes(())
        except ProviderError:
            # optional knowledge: the call is on record, and what the token may not do is learned when it is refused
            self.learned.keep_scopes((), seconds=HOUR)
        finally:
            hurried.close()

    # --- learning ----------------------------------------------------------------------------------------------------------

    def _formed(self, listing: Listing, kind: Kind) -> Form:
        form = listing.form()
        known = self.learned.form()
        # domains alone decide: they are documented in both forms, everything else exists in the present one only
        if form is not None and form is not known and (kind is DOMAINS or known is None):
            self.learned.keep_form(form)
        return form or known or Form.PRESENT

    def _noted(self, kind: Kind, error: ProviderError) -> ProviderError:
        """Keeps for a day that a family is closed to this token or does not exist."""
        absent = _is_absent(error, kind.operation) and kind is not DOMAINS
        if absent or isinstance(error, PermissionDenied):
            self.learned.refuse(kind.operation if kind.beside else kind.scope)
        if not absent:
            return error
        sentence = "This portal's API has no such list."
        return NotSupported(sentence, operation=kind.operation, account=self._account, status=error.status)


def _readable(read: Callable[[Any], S], row: Any) -> tuple[S, ...]:
    try:
        return (read(row),)
    except BadRowError:
        return ()


def reports_failure(answer: Any) -> bool:
    """Whether an answer with a good status says in its body that it was not done."""
    if not isinstance(answer, dict):
        return False
    try:
        denied = to_bool(answer.get("success")) is False
    except Unreadable:
        denied = False
    return denied or not all(is_nothing(answer.get(key)) or answer[key] is False for key in ("error", "errors"))


def _is_absent(error: ProviderError, operation: str) -> bool:
    """Whether the portal lacks the whole operation. 404 says so only where the path names no single thing."""
    if isinstance(error, NotSupported):
        return True
    nameless = "{" not in operation
    return nameless and (isinstance(error, NotFound) or (isinstance(error, MalformedResponse) and error.status == 404))
