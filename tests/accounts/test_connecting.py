import pytest

from accounts import vault
from accounts.connecting import Login
from accounts.models import AccountTokens, AuditEntry, ProviderAccount
from accounts.probe import try_login
from providers import registry
from tests.accounts.broken import HTML, answering, free_port
from tests.accounts.people import account_at, alice

SECRET = "s3cret-upstream-pass"


pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(alice())
    return client


def typed(portal, **changes):
    credential = {f"credential_{name}": value for name, value in portal.credential.items()}
    return {
        "name": "Agency",
        "base_url": portal.base_url,
        "auth": portal.auth,
        "time_zone": "Europe/Copenhagen",
        "open_to_staff": "on",
        **credential,
        **changes,
    }


def test_the_providers_are_cards_to_pick_from(desk):
    page = desk.get("/accounts/connect/").content.decode()
    for key in ("cloudviet", "dns-services", "hostbill", "vps-org"):
        assert f'href="/accounts/connect/{key}/"' in page


def test_the_form_is_filled_with_the_preset_and_asks_for_what_the_method_declares(desk):
    page = desk.get("/accounts/connect/cloudviet/").content.decode()
    assert 'value="https://my.cloudviet.vn/api"' in page
    assert 'value="Asia/Ho_Chi_Minh"' in page
    assert 'name="credential_username"' in page
    assert 'name="credential_password"' in page
    assert 'name="credential_token"' in desk.get("/accounts/connect/vps-org/").content.decode()
    assert desk.get("/accounts/connect/nowhere/").status_code == 404


def test_another_sign_in_method_is_fetched_with_its_fields(desk):
    fragment = desk.get("/accounts/connect/cloudviet/?auth=jwt", headers={"HX-Request": "true"}).content.decode()
    assert '<option value="jwt" selected>' in fragment
    assert "<html" not in fragment


@pytest.mark.parametrize("name", ["cloudviet", "dns_services", "vps_org"])
def test_a_login_that_works_becomes_an_account(desk, portals, name):
    portal = getattr(portals, name)
    answer = desk.post(f"/accounts/connect/{portal.key}/", typed(portal))
    account = ProviderAccount.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/accounts/{account.pk}/")
    assert vault.open_sealed(account.uuid, account.sealed_credential) == portal.credential
    assert (account.name, account.time_zone, str(account.created_by)) == ("Agency", "Europe/Copenhagen", "Alice")
    assert AuditEntry.objects.get(event="account_connected").who == "alice@agency.example"
    page = desk.get(f"/accounts/{account.pk}/").content.decode()
    assert account.login_hint in page
    assert "is connected" in page


def test_htmx_is_sent_to_the_account(desk, portals):
    answer = desk.post("/accounts/connect/vps-org/", typed(portals.vps_org), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/accounts/{ProviderAccount.objects.get().pk}/"


def test_a_wrong_password_is_told_on_the_form_and_nothing_is_kept(desk, portals):
    answer = desk.post("/accounts/connect/cloudviet/", typed(portals.cloudviet, credential_password=SECRET))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'data-code="wrong_credential"' in page
    assert "The portal refused this login." in page
    assert SECRET not in page
    assert portals.cloudviet.credential["username"] in page, "what is not secret need not be typed again"
    assert not ProviderAccount.objects.exists()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (HTML, "not_an_api"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "not_an_api"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "not_an_api"),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}", "permission"),
        (b"HTTP/1.1 429 Too Many\r\nRetry-After: 77\r\nContent-Length: 0\r\n\r\n", "rate_limited"),
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "server_error"),
        (b"this is not even HTTP\r\n\r\n", "other"),
    ],
)
def test_each_trouble_has_its_own_sentence(desk, portals, answer, code):
    with answering(answer) as port:
        form = typed(portals.cloudviet, base_url=f"http://127.0.0.1:{port}/api", credential_password=SECRET)
        page = desk.post("/accounts/connect/cloudviet/", form).content.decode()
    assert f'data-code="{code}"' in page
    assert SECRET not in page
    assert code != "rate_limited" or "77 seconds" in page


def test_a_port_where_nothing_listens_is_told_apart(portals):
    assert tried_at(portals, f"http://127.0.0.1:{free_port()}/api").code == "refused"


def test_a_name_that_does_not_exist_is_told_apart(portals):
    assert tried_at(portals, "https://no-such-portal.invalid/api").code == "no_such_host"


def test_a_private_address_is_refused_unless_the_operator_lists_it(portals, settings):
    settings.HOLDFAST_ALLOWED_UPSTREAMS = []
    before = len(portals.requests)
    result = tried_at(portals, "https://127.0.0.1:9/api")
    assert result.code == "private_address"
    assert "HOLDFAST_ALLOWED_UPSTREAMS" in result.hint
    assert len(portals.requests) == before


def test_a_plain_port_behind_https_is_told_as_trouble_with_tls(portals):
    with answering(HTML) as port:
        assert tried_at(portals, f"https://127.0.0.1:{port}/api").code == "tls"


def test_a_portal_that_hangs_is_given_up_within_the_patience(portals):
    spec = registry.spec("cloudviet")
    with answering(None) as port:
        result = try_login(spec, f"http://127.0.0.1:{port}/api", "basic", portals.cloudviet.credential, patience=0.3)
    assert (result.ok, result.code) == (False, "timeout")


def test_no_secret_shows_in_a_login_or_a_result(portals):
    login = Login.checked(registry.spec("vps-org"), portals.vps_org.base_url, "", {"token": "vps_" + SECRET})
    result = login.test()
    assert result.code == "wrong_credential"
    good = Login.checked(
        registry.spec("dns-services"), portals.dns_services.base_url, "jwt", portals.dns_services.credential
    )
    told = repr(login) + repr(result) + repr(good) + repr(good.test())
    assert SECRET not in told
    assert portals.dns_services.credential["password"] not in told
    assert "eyJ" not in told, "the start of every JWT"


def test_plain_http_is_refused_before_the_credential_leaves(desk, portals, settings):
    settings.HOLDFAST_ALLOWED_UPSTREAMS = []
    page = desk.post("/accounts/connect/cloudviet/", typed(portals.cloudviet, base_url="http://portal.example/api"))
    assert "must begin with https://" in page.content.decode()


def test_a_taken_name_is_told_before_anything_is_sent(desk, portals):
    account_at(portals.vps_org, "Agency")
    before = len(portals.requests)
    page = desk.post("/accounts/connect/cloudviet/", typed(portals.cloudviet, name="agency")).content.decode()
    assert "already" in page
    assert len(portals.requests) == before


def test_replacing_keeps_the_old_credential_until_the_new_one_works(desk, portals):
    account = account_at(portals.cloudviet, "Agency")
    form = {**typed(portals.cloudviet), "credential_password": SECRET}
    page = desk.post(f"/accounts/{account.pk}/credential/", form).content.decode()
    assert "The old credential is still in place." in page
    assert SECRET not in page
    account.refresh_from_db()
    assert vault.open_sealed(account.uuid, account.sealed_credential) == portals.cloudviet.credential


def test_replacing_forgets_the_old_tokens_and_makes_a_refused_account_active(desk, portals):
    account = account_at(portals.dns_services, "DNS", password="old and wrong")
    AccountTokens.objects.create(account=account, sealed=vault.seal(account.uuid, {"token": "old"}))
    ProviderAccount.objects.update(state="refused", state_reason="Wrong password.")
    answer = desk.post(f"/accounts/{account.pk}/credential/", typed(portals.dns_services))
    assert answer.status_code == 303
    account.refresh_from_db()
    assert (account.state, account.state_reason) == ("active", "")
    assert vault.open_sealed(account.uuid, account.tokens.sealed).get("token") != "old"
    assert AuditEntry.objects.filter(event="credential_replaced", account=account).count() == 1


def test_the_address_can_not_change_without_the_credential(desk, portals):
    account = account_at(portals.cloudviet, "Agency")
    form = {"name": "Agency", "time_zone": "UTC", "open_to_staff": "on", "base_url": "https://evil.example/api"}
    desk.post(f"/accounts/{account.pk}/edit/", form)
    account.refresh_from_db()
    assert account.base_url == portals.cloudviet.base_url
    empty = {
        "base_url": "https://evil.example/api",
        "auth": "basic",
        "credential_username": "",
        "credential_password": "",
    }
    page = desk.post(f"/accounts/{account.pk}/credential/", empty)
    assert page.status_code == 422
    account.refresh_from_db()
    assert account.base_url == portals.cloudviet.base_url


def tried_at(portals, base_url):
    return try_login(registry.spec("cloudviet"), base_url, "basic", portals.cloudviet.credential)
