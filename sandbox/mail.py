"""A mail server that delivers to nobody: what it takes can be read on a page of this machine."""

import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from html import escape
from ipaddress import ip_address
from threading import Lock, Thread
from time import gmtime, strftime
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.control import ROOT
from sandbox.messages import Request, Response, html, plain_json
from sandbox.page import STYLE
from sandbox.state import Record, State
from sandbox.wire import Server

KEPT = 200
LARGEST = 1024 * 1024
KIND = "mails"
# Nothing a mail brings along may run here or fetch anything.
SHUT = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class MailCatcher:
    """`with MailCatcher() as mails: ...` listens for SMTP on `smtp_port` and shows on `port` the latest 200 mails that came."""

    def __init__(
        self, state: State | None = None, *, host: str = "127.0.0.1", smtp_port: int = 0, port: int = 0
    ) -> None:
        self.state = state or State()
        self.host, self.smtp_port, self.port = host, smtp_port, port
        self.lock = Lock()

    def start(self) -> Self:
        """Raises OSError when a port is taken."""
        self._server = Server((self.host, self.port), self)
        self.port = self._server.server_port
        self._thread = Thread(target=self._server.serve, name="mail-page", daemon=True)
        self._thread.start()
        self._smtp = _Listener(self, hostname=self.host, port=self.smtp_port, data_size_limit=LARGEST)
        try:
            self._smtp.start()
        except OSError:
            self._server.stop()
            raise
        self.smtp_port = self._smtp.port
        return self

    def stop(self) -> None:
        self._smtp.stop(no_assert=True)
        self._server.stop()
        self._thread.join(2)
        with self.lock:
            self.state.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    # --- taking mails in ------------------------------------------------------------------------------------------------

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # the library's name
        content = envelope.content or b""
        self.take(
            str(envelope.mail_from or ""),
            list(envelope.rcpt_tos),
            content if isinstance(content, bytes) else content.encode(),
        )
        return "250 Taken, and kept for the page"

    def take(self, sender: str, recipients: list[str], content: bytes) -> None:
        with self.lock:
            number = self.state.next_id(KIND)
            record = {
                "id": number,
                "at": strftime("%Y-%m-%d %H:%M:%S", gmtime()),
                "from": sender,
                "to": recipients,
                "raw": content.decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode(),
            }
            self.state.put(KIND, str(number), record)
            for old in self.state.all(KIND)[:-KEPT]:
                self.state.remove(KIND, str(old["id"]))
            self.state.flush()

    def mails(self) -> list[Record]:
        """Oldest first."""
        with self.lock:
            return self.state.all(KIND)

    # --- showing them ---------------------------------------------------------------------------------------------------

    def answer(self, request: Request) -> Response:
        if not ip_address(request.client).is_loopback:
            return plain_json({"error": "the mails can be read only on this machine"}, 403)
        path = request.path.rstrip("/")
        if path == f"{ROOT}/mails":
            return self._control(request)
        if request.method not in ("GET", "HEAD"):
            return plain_json({"error": "no such page"}, 404)
        if path == "":
            return _page("Mails", _listing(self.mails()))
        found = re.fullmatch(r"/mails/([0-9]{1,9})(/html)?", path)
        with self.lock:
            record = self.state.get(KIND, found[1]) if found else None
        if found is None or record is None:
            return _page("No such mail", "<p>It is not kept any more. <a href='/'>All mails</a></p>", 404)
        return _html_part(record) if found[2] else _page(str(_parsed(record)["Subject"] or ""), _shown(record))

    def _control(self, request: Request) -> Response:
        if request.method == "DELETE":
            with self.lock:
                for record in self.state.all(KIND):
                    self.state.remove(KIND, str(record["id"]))
                self.state.flush()
            return plain_json({"mails": []})
        if request.method != "GET":
            return plain_json({"error": "no such control"}, 404)
        return plain_json({"mails": [told(record) for record in self.mails()]})


class _Listener(Controller):
    """Port 0 is any free one: the library would knock at port 0 to see whether it is up."""

    def _trigger_server(self) -> None:
        server: Any = self.server
        self.port = int(server.sockets[0].getsockname()[1])
        super()._trigger_server()  # type: ignore[no-untyped-call]  # the library's


def _parsed(record: Record) -> EmailMessage:
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(record["raw"].encode())


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    if body is None:
        return ""
    content: Any = body.get_content()
    return str(content).replace("\r\n", "\n")


def told(record: Record) -> dict[str, Any]:
    message = _parsed(record)
    return {
        "id": record["id"],
        "at": record["at"],
        "from": record["from"],
        "to": record["to"],
        "subject": str(message["Subject"] or ""),
        "message_id": str(message["Message-ID"] or ""),
        "text": _part(message, "plain"),
        "html": _part(message, "html"),
    }


def _listing(records: list[Record]) -> str:
    if not records:
        return "<p>None yet. What Holdfast mails while this runs appears here, and nowhere else.</p>"
    rows = "".join(
        f"<tr><td>{escape(record['at'])} UTC</td><td><a href='/mails/{record['id']}'>"
        f"{escape(str(_parsed(record)['Subject'] or 'no subject'))}</a></td><td>{escape(', '.join(record['to']))}</td></tr>"
        for record in reversed(records)
    )
    return f"<p>The latest {KEPT} at most; nobody else gets them.</p><table>{rows}</table>"


def _shown(record: Record) -> str:
    message = _parsed(record)
    heads = "".join(
        f"<tr><td>{escape(name)}</td><td>{escape(str(value))}</td></tr>"
        for name, value in message.items()
        if name.lower() in ("from", "to", "date", "message-id")
    )
    source = f"/mails/{record['id']}/html"
    other = f"<h2>As HTML</h2><iframe sandbox title='As HTML' src='{source}' width='100%' height='600'></iframe>"
    text = _linked(escape(_part(message, "plain")))
    return (
        f"<p><a href='/'>All mails</a></p><table>{heads}</table><h2>As text</h2><pre>{text}</pre>"
        f"{other if _part(message, 'html') else ''}"
    )


def _linked(escaped: str) -> str:
    return re.sub(r"https?://[^\s<>&\"']+", lambda found: f"<a href='{found[0]}'>{found[0]}</a>", escaped)


def _html_part(record: Record) -> Response:
    response = html(_part(_parsed(record), "html") or "This mail has no HTML.")
    response.headers = {**SHUT, "Content-Security-Policy": f"{SHUT['Content-Security-Policy']}; sandbox"}
    return response


def _page(title: str, body: str, status: int = 200) -> Response:
    told = f"<h1>{escape(title)}</h1>{body}"
    response = html(
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(title)}</title>{STYLE}{told}</html>", status
    )
    response.headers = dict(SHUT)
    return response
