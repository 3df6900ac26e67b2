"""Clientarea: signing in and out, the account's details, its log, affiliates, notifications."""

from typing import Any

from sandbox.hostbill.portal import CLIENT, HostBillPortal
from sandbox.messages import Refusal, Request, Response, php_json
from sandbox.routing import section
from sandbox.state import Record

PERSON_FIELDS = (
    "firstname",
    "lastname",
    "companyname",
    "address1",
    "address2",
    "city",
    "state",
    "postcode",
    "country",
    "phonenumber",
)
EDITABLE = ("email", *PERSON_FIELDS, "type", "mobilephone", "telegramnotifications")
SIGNUP_REQUIRED = (
    "email",
    "password",
    "firstname",
    "lastname",
    "address1",
    "city",
    "state",
    "postcode",
    "country",
    "phonenumber",
    "type",
)


def login(portal: HostBillPortal, request: Request) -> Response:
    headers: dict[str, str] = {}
    if portal.flavour.login_limited:
        allowed, headers = portal.login_limit.attempt(
            portal.settings["login_limit"], portal.settings["login_window_seconds"]
        )
        if not allowed:
            return php_json({"error": ["Too many requests"]}, 429, headers)
    username, password = request.text("username"), str(request.data().get("password") or "")
    if not portal.password_fits(username, password):
        # DNS.services says no with 200, Cloudviet with 401: a client has to read both
        status = 200 if portal.flavour.login_limited else 401
        return php_json({"error": ["Invalid username or password"]}, status, headers)
    portal.note("Logged in through the API", request)
    return php_json(new_pair(portal, username), headers=headers)


def new_pair(portal: HostBillPortal, subject: str) -> dict[str, str]:
    return portal.tokens.issue(subject, portal.settings["token_seconds"], portal.settings["refresh_seconds"])


def refresh(portal: HostBillPortal, request: Request) -> Any:
    """Uses the refresh token up: a second call with it is refused."""
    token = portal.tokens.find(request.text("refresh_token"), "refresh")
    if token is None:
        raise Refusal(php_json({"error": ["Invalid refresh token"]}, 401))
    portal.tokens.end(token)
    return new_pair(portal, token["sub"])


def revoke(portal: HostBillPortal, request: Request) -> Any:
    token = portal.tokens.find(request.text("refresh_token"), "refresh")
    if token is None:
        portal.authenticate(request)
        token = request.session.get("token")
    if token is None:
        raise portal.refuse("Invalid refresh token", 401)
    portal.tokens.end_pair(token)
    return {"status": True}


def logout(portal: HostBillPortal, request: Request) -> Any:
    token = request.session.get("token")
    if token is not None:
        portal.tokens.end(token)
    return {"status": True}


def signup(portal: HostBillPortal, request: Request) -> Any:
    fields = request.data()
    missing = [name for name in SIGNUP_REQUIRED if not str(fields.get(name) or "").strip()]
    if missing:
        return portal.error(f"Missing required fields: {', '.join(missing)}", 200)
    email = request.text("email").lower()
    taken = {
        portal.client.get("email", "").lower(),
        *(person["email"].lower() for person in portal.state.all("signups")),
    }
    if email in taken:
        return portal.error("This email is already registered", 200)
    key = str(portal.state.next_id("signups", 200))
    person = {name: fields.get(name, "") for name in (*SIGNUP_REQUIRED, "companyname", "mobilephone", "currency")}
    portal.state.put("signups", key, {**person, "id": key})
    return {"info": ["client_registered"]}


def reset_password(portal: HostBillPortal, request: Request) -> Any:
    if not request.text("email"):
        return portal.error("Email is required", 200)
    # as with real portals, whether the address is known is not told
    portal.note(f"Password reset requested for {request.text('email')}", request)
    return {"info": ["generated_reset_request"]}


def person(record: Record) -> dict[str, Any]:
    return {name: record.get(name, "") for name in ("id", "email", *PERSON_FIELDS)}


def client_details(portal: HostBillPortal) -> dict[str, Any]:
    shown = {
        "lastlogin": portal.clock.local(portal.client["lastlogin"]),
        "ip": "203.0.113.20",
        "host": "office.example",
    }
    return {**person(portal.client), **shown}


def details(portal: HostBillPortal, _request: Request) -> Any:
    return {"client": client_details(portal)}


def change_details(portal: HostBillPortal, request: Request) -> Any:
    fields = request.data()
    if "email" in fields and "@" not in str(fields["email"]):
        return portal.error("Email address is invalid", 200)
    portal.state.edit("client", CLIENT).update({name: fields[name] for name in EDITABLE if name in fields})
    portal.note("Profile details updated", request)
    return {"client": client_details(portal), "info": ["client_info_updated"]}


def logs(portal: HostBillPortal, _request: Request) -> Any:
    newest_first = reversed(portal.state.all("logs"))
    return {"logs": [{**entry, "date": portal.clock.local(entry["date"])} for entry in newest_first]}


def notifications(portal: HostBillPortal, request: Request) -> Any:
    return {"notifications": [_notification(portal, one) for one in _filtered_notifications(portal, request)]}


def new_notifications(portal: HostBillPortal, request: Request) -> Any:
    unread = [one for one in _filtered_notifications(portal, request) if one["seen"] == "0"]
    return {"notifications": [_notification(portal, one) for one in unread]}


def acknowledge(portal: HostBillPortal, request: Request) -> Any:
    portal.one("notifications", request.params["id"], "Notification")
    portal.state.edit("notifications", request.params["id"])["seen"] = "1"
    return {"status": True}


def _filtered_notifications(portal: HostBillPortal, request: Request) -> list[Record]:
    wanted = {name: request.query[name] for name in ("rel_type", "rel_id") if request.query.get(name)}
    return [
        one for one in portal.state.all("notifications") if all(one[name] == value for name, value in wanted.items())
    ]


def _notification(portal: HostBillPortal, record: Record) -> dict[str, Any]:
    return {**record, "date_added": portal.clock.local(record["date_added"])}


def affiliate_summary(portal: HostBillPortal, _request: Request) -> Any:
    """The pages give no example of the affiliate answers; the shapes are ours."""
    return {
        "summary": {
            "visits": "184",
            "signups": "3",
            "balance": "0.00",
            "pending": "12.50",
            "currency": portal.flavour.currency,
        }
    }


def affiliate_campaigns(_portal: HostBillPortal, _request: Request) -> Any:
    return {"campaigns": [{"id": "1", "name": "Footer link", "visits": "184", "signups": "3"}]}


def affiliate_commissions(_portal: HostBillPortal, _request: Request) -> Any:
    return {"commissions": [{"id": "11", "date": "2026-03-02", "amount": "12.50", "status": "Pending"}]}


def affiliate_payouts(_portal: HostBillPortal, _request: Request) -> Any:
    return {"payouts": []}


def affiliate_vouchers(_portal: HostBillPortal, _request: Request) -> Any:
    return {"vouchers": []}


def affiliate_plans(_portal: HostBillPortal, _request: Request) -> Any:
    return {
        "commissionplans": [{"id": "1", "name": "Ten per cent of the first order", "type": "Percent", "rate": "10.00"}]
    }


PUBLIC = section(
    "Clientarea",
    ("POST", "/login", login),
    ("POST", "/token", refresh),
    ("POST", "/revoke", revoke),
    public=True,
)
COMMON = PUBLIC + section(
    "Clientarea",
    ("POST", "/logout", logout),
    ("GET", "/details", details),
    ("GET", "/affiliates/summary", affiliate_summary),
    ("GET", "/affiliates/campaigns", affiliate_campaigns),
    ("GET", "/affiliates/commissions", affiliate_commissions),
    ("GET", "/affiliates/payouts", affiliate_payouts),
    ("GET", "/affiliates/vouchers", affiliate_vouchers),
    ("GET", "/affiliates/commissionplans", affiliate_plans),
)
CLOUDVIET = section(
    "Clientarea", ("POST", "/signup", signup), ("POST", "/passwordreset", reset_password), public=True
) + section(
    "Clientarea",
    ("PUT", "/details", change_details),
    ("GET", "/notifications", notifications),
    ("GET", "/notifications/new", new_notifications),
    ("PUT", "/notifications/{id}/ack", acknowledge),
)
DNS_SERVICES = section("Clientarea", ("GET", "/logs", logs))
