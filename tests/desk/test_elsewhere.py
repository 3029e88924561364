"""Signing in by another house's identities: a provider of OpenID Connect that a test plays, over real HTTP."""

import base64
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.desk.cast import STRANGER


class Provider(BaseHTTPRequestHandler):
    """Says who somebody is; whom, the test decides."""

    email, verified = "", True

    def do_GET(self):
        host = f"http://{self.headers['Host']}"
        ends = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "userinfo_endpoint": "/userinfo"}
        if self.path.startswith("/.well-known"):
            self._say({"issuer": host, "jwks_uri": f"{host}/keys", **{k: host + path for k, path in ends.items()}})
        else:
            self._say({"sub": "42", "email": self.email, "email_verified": self.verified})

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        now = int(time.time())
        told = {"iss": f"http://{self.headers['Host']}", "aud": "quipu", "sub": "42", "iat": now, "exp": now + 60}
        told |= {"email": self.email, "email_verified": self.verified}
        parts = [{"alg": "none", "typ": "JWT"}, told]
        token = ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts) + "."
        self._say({"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": token})

    def _say(self, told):
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def provider(email, verified=True):
    """The other house, at an address of its own, as a setting names it."""
    from django.test import override_settings

    Provider.email, Provider.verified = email, verified
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    app = {"provider_id": "house", "name": "The other house", "client_id": "quipu", "secret": "s"}
    app["settings"] = {"server_url": f"http://127.0.0.1:{server.server_port}"}
    try:
        with override_settings(SOCIALACCOUNT_PROVIDERS={"openid_connect": {"APPS": [app]}}):
            yield
    finally:
        server.shutdown()
        server.server_close()


def come_back(browser):
    """Goes there and comes back, as a browser would that is let through."""
    page = browser.get("/desk/account/login/").content.decode()
    assert "The other house" in page
    away = browser.post("/desk/account/oidc/house/login/")
    assert away.status_code == 302
    asked = parse_qs(urlsplit(away["Location"]).query)
    assert asked["client_id"] == ["quipu"]
    return browser.get("/desk/account/oidc/house/login/callback/", {"code": "c", "state": asked["state"][0]})


def test_whoever_works_here_signs_in_by_the_other_house(cast):
    person = cast.people["auditor"]
    browser = cast.client(STRANGER)
    with provider(person.email):
        assert come_back(browser)["Location"] == "/desk"
    assert "Auditor" in browser.get("/desk/own").content.decode()


@pytest.mark.parametrize(("known", "verified"), [(False, True), (True, False)])
def test_whoever_was_not_invited_or_is_not_certain_is_not_let_in(cast, known, verified):
    from quipu.books import models

    email = cast.people["auditor"].email if known else "new@example.org"
    before = models.Person.objects.count()
    browser = cast.client(STRANGER)
    with provider(email, verified):
        come_back(browser)
    assert browser.get("/desk").status_code == 302
    assert models.Person.objects.count() == before


def test_an_address_that_somebody_made_up_brings_nobody_in(cast):
    browser = cast.client(STRANGER)
    with provider(cast.people["auditor"].email):
        browser.get("/desk/account/oidc/house/login/callback/", {"code": "c", "state": "made-up"})
    assert browser.get("/desk").status_code == 302
