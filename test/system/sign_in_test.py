"""People at the site's calls: set-up, registration, sessions, passwords, administrators. The mails come to
a real mail server."""

import json
import re
import time
import unittest
from pathlib import Path

from aiosmtpd.controller import Controller
from api_client import Api, request
from mail_test import Mailbox, free_ports, wait_until
from program import Server
from site_client import Browser

PASSWORD = "correct horse"
TIMEOUT_S = 30


def code_of(link):
    return link.strip().split("#")[1]


class SiteTest(unittest.TestCase):
    settings = {}

    def new_server(self, **settings):
        server = Server(**{**self.settings, **settings})
        self.addCleanup(server.close)
        return server.start()

    def admin_of(self, server, name="admin@example.org"):
        """A browser in which the first administrator is signed in."""
        browser = Browser(server.url)
        code = server.account("setup-code").stdout.strip()
        reply = browser.post("/setup", {"code": code, "name": name, "password": PASSWORD})
        self.assertEqual(reply.status, 200, reply.body)
        return browser


class SetUpTest(SiteTest):
    def test_the_code_of_the_log_sets_the_server_up_once(self):
        server = self.new_server()
        code = re.search(r"/setup with the code (\S+)", server.log()).group(1)
        browser = Browser(server.url)
        told = browser.get("/session").json
        self.assertEqual(told["account"], None)
        self.assertEqual(told["server"]["setup"], True)
        self.assertEqual(told["server"]["registration"], "invitation")
        form = {"code": "x" * 43, "name": "me@example.org", "password": PASSWORD}
        wrong = browser.post("/setup", form)
        self.assertEqual(wrong.status, 403, wrong.body)
        self.assertIn("log", wrong.message)
        self.assertEqual(browser.post("/setup", {**form, "code": code, "password": "short"}).status, 400)
        made = browser.post("/setup", {**form, "code": code})
        self.assertEqual(made.status, 200, made.body)
        self.assertEqual(made.json["account"]["name"], "me@example.org")
        self.assertTrue(made.json["account"]["isAdmin"])
        self.assertFalse(made.json["server"]["setup"])
        self.assertEqual(browser.account()["name"], "me@example.org")
        again = Browser(server.url).post("/setup", {**form, "code": code, "name": "thief@example.org"})
        self.assertEqual(again.status, 404)

    def test_a_server_with_accounts_is_set_up(self):
        server = self.new_server()
        server.create_account("by command")
        self.assertNotEqual(server.account("setup-code").returncode, 0)
        told = Browser(server.url).get("/session").json
        self.assertFalse(told["server"]["setup"])

    def test_an_operator_chooses_the_code(self):
        server = self.new_server(SITE_SETUP_CODE="i-0123456789")
        self.assertNotIn("i-0123456789", server.log())
        reply = Browser(server.url).post(
            "/setup", {"code": "i-0123456789", "name": "a", "password": PASSWORD})
        self.assertEqual(reply.status, 200, reply.body)


class SessionsTest(SiteTest):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()
        cls.addClassCleanup(cls.server.close)
        cls.admin = cls.admin_of(cls(), cls.server)

    def newcomer(self, name):
        """A browser in which a new account, which was invited, is signed in."""
        invitation = code_of(self.admin.post("/api/admin/invitations", {}).json["link"])
        browser = Browser(self.server.url)
        reply = browser.post("/registration",
                             {"name": name, "password": PASSWORD, "invitation": invitation})
        self.assertEqual(reply.status, 200, reply.body)
        return browser

    def test_the_cookie_is_out_of_the_reach_of_script_and_other_sites(self):
        browser = Browser(self.server.url)
        self.assertEqual(browser.sign_in("admin@example.org", PASSWORD).status, 200)
        attributes = {part.strip() for part in browser.cookie_line.split(";")[1:]}
        self.assertLessEqual({"HttpOnly", "SameSite=Lax", "Path=/"}, attributes)
        self.assertNotIn("Secure", attributes, "it is plain http")
        behind = Browser(self.server.url)
        reply = behind.post("/session", {"name": "admin@example.org", "password": PASSWORD},
                            headers={"X-Forwarded-Proto": "https", "Origin": None})
        self.assertEqual(reply.status, 200, reply.body)
        self.assertTrue(behind.cookie_line.startswith("__Host-"), behind.cookie_line)
        self.assertIn("Secure", behind.cookie_line)

    def test_a_session_calls_the_api_and_ends_by_signing_out(self):
        browser = self.newcomer("caller@example.org")
        self.assertEqual(browser.get("/api/account").json["name"], "caller@example.org")
        made = browser.post("/api/keys", {"name": "default"})
        self.assertEqual(made.status, 201, made.body)
        told = request("GET", self.server.url + "/api/account", Api(self.server.url, made.json).bearer)
        self.assertEqual(told.json["userKey"], made.json["userKey"])
        cookie = browser.cookie
        self.assertEqual(browser.call("DELETE", "/session").status, 204)
        self.assertIsNone(browser.cookie)
        browser.cookie = cookie
        self.assertEqual(browser.get("/api/account").status, 401)
        self.assertIsNone(browser.account())

    def test_only_pages_of_the_server_change_something(self):
        browser = self.newcomer("target@example.org")
        for foreign in ({"X-S3zipper-Site": None}, {"Sec-Fetch-Site": "cross-site"},
                        {"Sec-Fetch-Site": "same-site"},
                        {"Sec-Fetch-Site": None, "Origin": "http://evil.example"}):
            with self.subTest(foreign=foreign):
                for method, path, body in (("POST", "/api/keys", {"name": "x"}),
                                           ("DELETE", "/session", None),
                                           ("POST", "/session", {"name": "a", "password": "b"}),
                                           ("DELETE", "/api/account", {"password": PASSWORD})):
                    reply = browser.call(method, path, body, headers=foreign)
                    self.assertEqual(reply.status, 403, (path, reply.body))
        self.assertEqual(browser.get("/api/keys").json, {"keys": []})

    def test_wrong_names_and_passwords_get_the_same_answer_and_are_slowed_down(self):
        browser = Browser(self.server.url)
        self.newcomer("known@example.org")
        replies = [browser.sign_in(name, password)
                   for name, password in (("known@example.org", "wrong password"),
                                          ("nobody@example.org", PASSWORD))]
        self.assertEqual({(reply.status, reply.message) for reply in replies},
                         {(401, "the name or the password is wrong")})
        statuses = [browser.sign_in("known@example.org", "wrong password").status for _ in range(12)]
        self.assertEqual(statuses[-1], 429)
        slowed = browser.sign_in("known@example.org", PASSWORD)
        self.assertEqual(slowed.status, 429)
        self.assertGreater(int(slowed.headers["Retry-After"]), 0)

    def test_an_account_without_a_password_is_not_signed_in_to(self):
        self.server.create_account("program")
        for password in ("", PASSWORD):
            self.assertEqual(Browser(self.server.url).sign_in("program", password).status, 401)

    def test_sessions_are_listed_and_ended(self):
        here = self.newcomer("two browsers@example.org".replace(" ", "-"))
        there = Browser(self.server.url, user_agent="Mozilla/5.0 (iPhone) Safari/604.1")
        there.sign_in("two-browsers@example.org", PASSWORD)
        sessions = here.get("/api/account/sessions").json["sessions"]
        self.assertEqual({(one["browser"], one["isThis"]) for one in sessions},
                         {("Firefox on Linux", True), ("Safari on iPhone", False)})
        other = next(one["id"] for one in sessions if not one["isThis"])
        self.assertEqual(self.admin.call("DELETE", f"/api/account/sessions/{other}").status, 404)
        self.assertEqual(here.call("DELETE", f"/api/account/sessions/{other}").status, 200)
        self.assertIsNone(there.account())
        self.assertIsNotNone(here.account())

    def test_another_password_ends_the_other_sessions(self):
        here = self.newcomer("changer@example.org")
        there = Browser(self.server.url)
        there.sign_in("changer@example.org", PASSWORD)
        form = {"password": "not this one", "newPassword": "battery staple"}
        self.assertEqual(here.call("PUT", "/api/account/password", form).status, 403)
        form["password"] = PASSWORD
        self.assertEqual(here.call("PUT", "/api/account/password", {**form, "newPassword": "x"}).status, 400)
        self.assertEqual(here.call("PUT", "/api/account/password", form).status, 200)
        self.assertIsNotNone(here.account())
        self.assertIsNone(there.account())
        self.assertEqual(there.sign_in("changer@example.org", PASSWORD).status, 401)
        self.assertEqual(there.sign_in("changer@example.org", "battery staple").status, 200)

    def test_credentials_are_kept_without_a_secret_by_a_session(self):
        browser = self.newcomer("keeper@example.org")
        form = {"credentials": {"accessKeyId": "sandbox", "secretAccessKey": "sandbox-secret"}}
        kept = browser.call("PUT", "/api/account/credentials", form)
        self.assertEqual(kept.status, 200, kept.body)
        self.assertFalse(kept.json["signedLinks"])
        self.assertEqual(browser.get("/api/buckets").status, 200)
        key = browser.post("/api/keys", {"name": "signer"}).json
        wrong = browser.call("PUT", "/api/account/credentials", {**form, "userSecret": "x" * 36})
        self.assertEqual(wrong.status, 403)
        signing = browser.call("PUT", "/api/account/credentials",
                               {**form, "userSecret": key["userSecret"]})
        self.assertTrue(signing.json["signedLinks"])

    def test_an_account_deletes_itself(self):
        browser = self.newcomer("leaver@example.org")
        self.assertEqual(browser.call("DELETE", "/api/account", {"password": "wrong one"}).status, 403)
        self.assertEqual(browser.call("DELETE", "/api/account", {"password": PASSWORD}).json,
                         {"deleted": True})
        self.assertIsNone(browser.cookie)
        self.assertEqual(browser.sign_in("leaver@example.org", PASSWORD).status, 401)
        kept = self.admin.call("DELETE", "/api/account", {"password": PASSWORD})
        self.assertEqual(kept.status, 409, "the only administrator stays")

    def test_a_link_signs_in_once(self):
        self.newcomer("linked@example.org")
        link = self.server.account("sign-in-link", "linked@example.org").stdout
        self.assertIn("/registration/link#", link)
        browser = Browser(self.server.url)
        reply = browser.post("/session/link", {"code": code_of(link)})
        self.assertEqual(reply.json["account"]["name"], "linked@example.org", reply.body)
        self.assertEqual(browser.post("/session/link", {"code": code_of(link)}).status, 401)

    def test_an_invitation_counts_once_and_registration_needs_one(self):
        invitation = code_of(self.server.account("invite").stdout)
        form = {"name": "guest@example.org", "password": PASSWORD}
        browser = Browser(self.server.url)
        self.assertEqual(browser.post("/registration", form).status, 403)
        self.assertEqual(browser.post("/registration", {**form, "invitation": "x"}).status, 403)
        self.assertEqual(browser.post("/registration",
                                      {**form, "name": "no mail", "invitation": invitation}).status, 400)
        taken = browser.post("/registration",
                             {**form, "name": "admin@example.org", "invitation": invitation})
        self.assertEqual(taken.status, 409)
        self.assertEqual(browser.post("/registration", {**form, "invitation": invitation}).status, 200)
        again = browser.post("/registration",
                             {**form, "name": "second@example.org", "invitation": invitation})
        self.assertEqual(again.status, 403)

    def test_administrators_see_disable_and_reset_accounts(self):
        browser = self.newcomer("managed@example.org")
        for path in ("/api/admin/accounts", "/api/admin/system"):
            self.assertEqual(browser.get(path).status, 403)
        listed = {one["name"]: one for one in self.admin.get("/api/admin/accounts").json["accounts"]}
        managed = listed["managed@example.org"]
        self.assertEqual(managed["state"], "active")
        self.assertTrue(listed["admin@example.org"]["isAdmin"])
        path = f"/api/admin/accounts/{managed['id']}"
        self.assertEqual(browser.post(f"/api/admin/accounts/{listed['admin@example.org']['id']}/disable",
                                      {}).status, 403)
        self.assertEqual(self.admin.post(path + "/disable", {}).json["state"], "disabled")
        self.assertEqual(browser.get("/api/account").status, 401)
        self.assertEqual(browser.sign_in("managed@example.org", PASSWORD).status, 401)
        self.assertEqual(self.admin.post(path + "/enable", {}).json["state"], "active")
        link = self.admin.post(path + "/reset", {}).json["link"]
        reply = browser.post("/registration/password", {"code": code_of(link), "password": "new password"})
        self.assertEqual(reply.json["account"]["name"], "managed@example.org", reply.body)
        self.assertEqual(browser.post("/registration/password",
                                      {"code": code_of(link), "password": "new password"}).status, 403)
        own = f"/api/admin/accounts/{listed['admin@example.org']['id']}/disable"
        self.assertEqual(self.admin.post(own, {}).status, 409)
        self.assertEqual(self.admin.post(path + "/delete", {}).json, {"deleted": True})
        self.assertEqual(self.admin.post(path + "/delete", {}).status, 404)
        system = self.admin.get("/api/admin/system").json
        self.assertIn({"key": "jobs.workers", "value": "0"}, system["settings"])
        self.assertNotIn("sandbox-secret", json.dumps(system))

    def test_a_token_of_an_administrator_looks_and_changes_nothing(self):
        made = self.admin.post("/api/keys", {"name": "monitoring"}).json
        bearer = Api(self.server.url, made).bearer
        self.assertEqual(request("GET", self.server.url + "/api/admin/system", bearer).status, 200)
        for path in ("invitations", "accounts/x/reset", "accounts/x/delete"):
            reply = request("POST", f"{self.server.url}/api/admin/{path}", bearer, b"{}")
            self.assertEqual(reply.status, 403, (path, reply.body))

    def test_the_log_and_the_database_hold_no_password_and_no_token(self):
        browser = self.newcomer("quiet@example.org")
        token = browser.cookie.split("=")[1]
        texts = [self.server.log().encode()]
        texts += [path.read_bytes() for path in Path(self.server.data).glob("s3zipper.db*")]
        for text in texts:
            self.assertNotIn(token.encode(), text)
            self.assertNotIn(PASSWORD.encode(), text)


class MailedCodesTest(SiteTest):
    @classmethod
    def setUpClass(cls):
        cls.mailbox = Mailbox()
        smtp_port, own_port = free_ports(2)
        cls.smtp = Controller(cls.mailbox, hostname="127.0.0.1", port=smtp_port)
        cls.smtp.start()
        cls.addClassCleanup(cls.smtp.stop)
        own = f"127.0.0.1:{own_port}"
        cls.server = Server(LISTEN=own, PUBLIC_URL=f"http://{own}", MAIL_URL=f"smtp://127.0.0.1:{smtp_port}",
                            MAIL_FROM="zips@example.org", SITE_REGISTRATION="open").start()
        cls.addClassCleanup(cls.server.close)
        cls.admin = cls.admin_of(cls(), cls.server)

    def setUp(self):
        self.mailbox.letters.clear()

    def only_mail(self):
        wait_until(lambda: self.mailbox.letters, TIMEOUT_S)
        [(_, recipients, message)] = self.mailbox.letters
        self.mailbox.letters.clear()
        return recipients, message["Subject"], message.get_body(("plain",)).get_content()

    def test_an_address_is_confirmed_before_there_is_an_account(self):
        browser = Browser(self.server.url)
        form = {"name": "new@example.org", "password": PASSWORD}
        reply = browser.post("/registration", form)
        self.assertEqual((reply.status, reply.json), (202, {"confirm": True}))
        recipients, subject, text = self.only_mail()
        self.assertEqual(recipients, ["new@example.org"])
        self.assertIn("Confirm", subject)
        self.assertEqual(browser.sign_in("new@example.org", PASSWORD).status, 401)
        link = re.search(r"http\S+/registration/confirm#\S+", text).group(0)
        confirmed = browser.post("/registration/confirm", {"code": code_of(link)})
        self.assertEqual(confirmed.json["account"]["name"], "new@example.org", confirmed.body)
        self.assertEqual(browser.post("/registration/confirm", {"code": code_of(link)}).status, 403)
        again = browser.post("/registration", form)
        self.assertEqual((again.status, again.json), (202, {"confirm": True}), "as for a new one")
        self.assertIn("have an account", self.only_mail()[1])

    def test_a_forgotten_password_is_set_by_a_mail(self):
        browser = Browser(self.server.url)
        self.assertEqual(browser.post("/registration/reset", {"name": "nobody@example.org"}).status, 202)
        self.assertEqual(browser.post("/registration/reset", {"name": "admin@example.org"}).status, 202)
        recipients, _, text = self.only_mail()
        self.assertEqual(recipients, ["admin@example.org"])
        code = code_of(re.search(r"http\S+/registration/password#\S+", text).group(0))
        form = {"code": code, "password": "short"}
        self.assertEqual(browser.post("/registration/password", form).status, 400, "the code stays")
        form["password"] = "another password"
        self.assertEqual(browser.post("/registration/password", form).status, 200)
        self.assertIsNone(self.admin.account(), "sessions of before have ended")
        self.assertEqual(self.admin.sign_in("admin@example.org", "another password").status, 200)
        time.sleep(1)
        self.assertEqual(self.mailbox.letters, [], "nobody else got a mail")


class OpenServerTest(SiteTest):
    def test_registration_is_as_the_operator_wants_it(self):
        form = {"name": "me@example.org", "password": PASSWORD}
        closed = self.new_server(SITE_REGISTRATION="closed")
        admin = self.admin_of(closed)
        self.assertEqual(admin.post("/api/admin/invitations", {}).status, 409)
        self.assertEqual(Browser(closed.url).post("/registration", form).status, 403)
        free = self.new_server(SITE_REGISTRATION="open")
        browser = Browser(free.url)
        self.assertEqual(browser.post("/registration", form).status, 200)
        self.assertEqual(browser.account()["name"], "me@example.org")
        self.assertEqual(Browser(free.url).post("/registration", form).status, 409)
        reset = browser.post("/registration/reset", {"name": "me@example.org"})
        self.assertEqual(reset.status, 403)
        self.assertIn("sends no mail", reset.message)

    def test_sessions_outlive_a_restart(self):
        server = self.new_server()
        browser = self.admin_of(server)
        server.kill()
        server.start()
        self.assertEqual(browser.account()["name"], "admin@example.org")

    def test_a_server_without_accounts_signs_nobody_in(self):
        server = self.new_server(AUTH_MODE="none", EC2_ALLOWED_BUCKETS="*", EC2_METADATA_URL="")
        browser = Browser(server.url)
        told = browser.get("/session").json
        self.assertEqual((told["account"], told["server"]["accounts"]), (None, False))
        self.assertEqual(browser.sign_in("a", PASSWORD).status, 403)
        self.assertEqual(browser.get("/api/admin/system").status, 403)


if __name__ == "__main__":
    unittest.main()
