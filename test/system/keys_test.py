"""Several keys of an account: made, renewed with an overlap and at once, renamed, revoked; by the API and
by the command line."""

import json
import unittest

from api_client import Api, request
from service_case import ServiceTest


class KeysTest(ServiceTest):
    def call(self, method, path, body=None, api=None):
        headers = {"Content-Type": "application/json", **(api or self.api).bearer}
        content = None if body is None else json.dumps(body).encode()
        return request(method, self.server.url + path, headers, content)

    def make(self, name):
        reply = self.call("POST", "/api/keys", {"name": name, "userSecret": self.keys["userSecret"]})
        self.assertEqual(reply.status, 201, reply.body)
        return reply.json

    def token_status(self, key, secret):
        return self.api.post("/gentoken", {"userKey": key["userKey"], "userSecret": secret}).status

    def listed(self, user_key):
        return next((key for key in self.call("GET", "/api/keys").json["keys"]
                     if key["userKey"] == user_key), None)

    def owned(self, **more):
        return {"userSecret": self.keys["userSecret"], **more}

    def test_a_new_key_works_and_shows_its_secret_once(self):
        made = self.make("ci")
        self.assertEqual(made["name"], "ci")
        self.assertTrue(made["userSecret"].endswith(made["secretEnd"]))
        self.assertIsNone(made["lastUsedAt"])
        listed = self.listed(made["userKey"])
        self.assertEqual(listed, {name: value for name, value in made.items() if name != "userSecret"})
        api = Api(self.server.url, made)
        self.assertEqual(self.call("GET", "/api/account", api=api).json["userKey"], made["userKey"])
        used = self.listed(made["userKey"])
        self.assertIsNotNone(used["lastUsedAt"])
        self.assertEqual(used["lastUsedFrom"], "127.0.0.1")

    def test_a_token_alone_changes_no_key(self):
        made = self.make("target")
        path = f"/api/keys/{made['userKey']}"
        for method, at, body in (("POST", "/api/keys", {"name": "x"}), ("PUT", path, {"name": "x"}),
                                 ("POST", path + "/rotate", {}), ("DELETE", path, {})):
            with self.subTest(method=method, at=at):
                self.assertEqual(self.call(method, at, body).status, 400)
                wrong = self.call(method, at, {**body, "userSecret": "x" * 36})
                self.assertEqual(wrong.status, 403, wrong.body)
        self.assertEqual(self.token_status(made, made["userSecret"]), 200)

    def test_a_secret_renewed_with_an_overlap_works_beside_the_next(self):
        made = self.make("fleet")
        api = Api(self.server.url, made)
        self.assertTrue(api.token)
        reply = self.call("POST", f"/api/keys/{made['userKey']}/rotate", self.owned(overlapHours=24))
        self.assertEqual(reply.status, 200, reply.body)
        self.assertIsNotNone(reply.json["formerSecretUntil"])
        for secret in (made["userSecret"], reply.json["userSecret"]):
            self.assertEqual(self.token_status(made, secret), 200)
        self.assertEqual(self.call("GET", "/api/account", api=api).status, 200, "its token")

    def test_a_secret_renewed_at_once_ends_with_its_tokens(self):
        made = self.make("leaked")
        api = Api(self.server.url, made)
        self.assertTrue(api.token)
        webhook = self.call("GET", "/api/account/webhook-secret").json
        reply = self.call("POST", f"/api/keys/{made['userKey']}/rotate", self.owned())
        self.assertEqual(self.token_status(made, made["userSecret"]), 401)
        self.assertEqual(self.token_status(made, reply.json["userSecret"]), 200)
        self.assertEqual(self.call("GET", "/api/account", api=api).status, 401)
        self.assertEqual(self.call("GET", "/api/account").status, 200, "the other key's token")
        self.assertNotEqual(self.call("GET", "/api/account/webhook-secret").json, webhook)

    def test_a_key_is_renamed_and_revoked(self):
        made = self.make("old name")
        api = Api(self.server.url, made)
        self.assertTrue(api.token)
        path = f"/api/keys/{made['userKey']}"
        self.assertEqual(self.call("PUT", path, self.owned(name="new name")).json["name"], "new name")
        self.assertEqual(self.call("PUT", path, self.owned(name=" ")).status, 400)
        self.assertEqual(self.call("DELETE", path, self.owned()).json, {"revoked": True})
        self.assertEqual(self.call("DELETE", path, self.owned()).status, 404)
        self.assertIsNone(self.listed(made["userKey"]))
        self.assertEqual(self.token_status(made, made["userSecret"]), 401)
        self.assertEqual(self.call("GET", "/api/account", api=api).status, 401)

    def test_the_keys_of_another_account_are_unknown(self):
        other = self.server.create_account("another one")
        path = f"/api/keys/{other['userKey']}"
        for method, at in (("PUT", path), ("POST", path + "/rotate"), ("DELETE", path)):
            body = self.owned(name="mine") if method == "PUT" else self.owned()
            self.assertEqual(self.call(method, at, body).status, 404)
        self.assertEqual(self.token_status(other, other["userSecret"]), 200)

    def test_wrong_fields_are_named(self):
        for body, name in (({}, "name"), ({"name": ""}, "name"), ({"name": "x", "nam": 1}, "nam"),
                           ({"name": "a\n"}, "name")):
            reply = self.call("POST", "/api/keys", self.owned(**body))
            self.assertEqual(reply.status, 400, reply.body)
            self.assertIn(name, reply.message)
        path = f"/api/keys/{self.keys['userKey']}/rotate"
        for hours in (-1, 169, "1", 1.5):
            reply = self.call("POST", path, self.owned(overlapHours=hours))
            self.assertEqual(reply.status, 400, reply.body)
            self.assertIn("overlapHours", reply.message)

    def test_the_command_line_makes_and_renews_keys(self):
        first = self.server.create_account("by command")
        second = json.loads(self.server.account("add-key", "by command", "second", "--json").stdout)
        self.assertNotEqual(second["userKey"], first["userKey"])
        self.assertEqual(self.token_status(second, second["userSecret"]), 200)
        refused = self.server.account("rotate", "by command")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("2 keys", refused.stderr)
        renewed = json.loads(self.server.account("rotate", second["userKey"], "--json").stdout)
        self.assertEqual(self.token_status(second, second["userSecret"]), 401)
        self.assertEqual(self.token_status(second, renewed["userSecret"]), 200)
        self.assertEqual(self.token_status(first, first["userSecret"]), 200)
        listed = self.server.account("list").stdout
        for key in (first, second):
            self.assertIn(key["userKey"], listed)


if __name__ == "__main__":
    unittest.main()
