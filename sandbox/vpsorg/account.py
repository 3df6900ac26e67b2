"""The account, its tokens, its SSH keys."""

import base64
import hashlib
from typing import Any

from sandbox.messages import Request, Response, plain_json
from sandbox.routing import section
from sandbox.state import Record
from sandbox.vpsorg.domains import new_uuid
from sandbox.vpsorg.portal import ACCOUNT, VpsOrgPortal, invalid


def me(portal: VpsOrgPortal, request: Request) -> Any:
    """Public documentation says 'the account and the token's permissions'; the field names are ours."""
    token = request.session["token"]
    shown = {name: portal.account[name] for name in ("uuid", "email", "first_name", "last_name", "company")}
    return {**shown, "token": {"name": token["name"], "scopes": token["scopes"]}, "permissions": token["scopes"]}


def keys(portal: VpsOrgPortal, request: Request) -> Any:
    return portal.page(request, portal.state.all("ssh_keys"), _shown)


def _shown(key: Record) -> dict[str, Any]:
    return {name: key[name] for name in ("uuid", "name", "fingerprint", "created_at", "last_used_at")}


def create_key(portal: VpsOrgPortal, request: Request) -> Response:
    name, public = request.text("name"), request.text("public_key")
    if not name:
        raise invalid(name="This field may not be blank.")
    parts = public.split()
    if len(parts) < 2 or not parts[0].startswith(("ssh-", "ecdsa-")):
        raise invalid(public_key="Enter a valid SSH public key.")
    return plain_json(_shown(add_key(portal, name, public)), 201)


def add_key(portal: VpsOrgPortal, name: str, public: str) -> Record:
    _, key = new_uuid(portal, "ssh_keys")
    digest = base64.b64encode(hashlib.sha256(public.encode()).digest()).decode().rstrip("=")
    record: Record = {
        "uuid": key,
        "name": name,
        "public_key": public,
        "fingerprint": f"SHA256:{digest}",
        "created_at": portal.clock.stamp(),
        "last_used_at": None,
    }
    return portal.state.put("ssh_keys", key, record)


def delete_key(portal: VpsOrgPortal, request: Request) -> Response:
    portal.state.remove("ssh_keys", portal.one("ssh_keys", request.params["uuid"])["uuid"])
    return Response(204)


def change_account(portal: VpsOrgPortal, request: Request) -> Any:
    """`{"balance": 5.0}`: any of the account's fields."""
    account = portal.state.edit("account", ACCOUNT)
    account.update(request.known(account))
    return {"account": account}


def add_token(portal: VpsOrgPortal, request: Request) -> Any:
    """`{"token": "vps_...", "scopes": ["domains:read"]}`: one more API token."""
    token, scopes = request.text("token"), request.data().get("scopes")
    if not token.startswith("vps_") or not isinstance(scopes, list):
        raise ValueError("token: begins with vps_; scopes: a list is expected")
    return {"token": portal.state.put("tokens", token, {"token": token, "name": "control", "scopes": scopes})}


def remove_token(portal: VpsOrgPortal, request: Request) -> Any:
    """The token is revoked: calls with it answer 401."""
    portal.state.remove("tokens", request.params["token"])
    return {"removed": request.params["token"]}


CONTROLS = {
    ("POST", "/account"): change_account,
    ("POST", "/tokens"): add_token,
    ("POST", "/tokens/{token}/remove"): remove_token,
}
ROUTES = section("Account", ("GET", "/account/me/", me)) + section(
    "SSH keys",
    ("GET", "/ssh-keys/", keys),
    ("POST", "/ssh-keys/", create_key),
    ("DELETE", "/ssh-keys/{uuid}/", delete_key),
    scope="ssh_keys",
)
