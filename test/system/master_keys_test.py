"""The change of the master key, as the docs have it: old, then new and old, `key rotate`, new. And
what keeps a server from starting with keys that do not open its database."""

import unittest

from api_client import Api, request
from program import run
from service_case import ServiceTest


class MasterKeysTest(ServiceTest):
    def setUp(self):
        self.put("a.txt", "alpha")
        self.old = self.server.data / "master.key"
        self.new = self.server.folder / f"{self.id()}.key"
        made = run("key", "create", self.new)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.new_id = made.stdout.split()[0]
        self.assertRegex(self.new_id, "^[0-9a-f]{16}$")
        self.assertEqual(self.new.stat().st_mode & 0o777, 0o600)

    def start_with(self, *keys):
        if self.server.running():
            self.server.stop()
        self.server.settings["KEY_FILES"] = ",".join(map(str, keys))
        self.server.start()

    def key(self, *arguments, keys=()):
        return run("key", *arguments, settings={"DATA_DIR": self.server.data,
                                                "KEY_FILES": ",".join(map(str, keys))})

    def refused(self, *keys):
        result = run("serve", settings={"DATA_DIR": self.server.data, "LISTEN": "127.0.0.1:0",
                                        "KEY_FILES": ",".join(map(str, keys))})
        self.assertEqual(result.returncode, 78, result.stderr)
        self.assertIn("key_files", result.stderr)
        return result.stderr

    def keep_credentials(self, api, keys):
        body = ('{"userSecret": "%s", "credentials": {"accessKeyId": "%s", "secretAccessKey": "%s"}}'
                % (keys["userSecret"], self.access_key, self.secret_key))
        reply = request("PUT", f"{self.server.url}/api/account/credentials",
                        {**api.bearer, "Content-Type": "application/json"}, body.encode())
        self.assertEqual(reply.status, 200, reply.body)

    def test_a_key_is_changed_and_everything_goes_on(self):
        keys = self.server.create_account("of-the-old-key")
        disabled = self.server.create_account("disabled-meanwhile")
        api = Api(self.server.url, keys)
        self.keep_credentials(api, keys)
        job = api.start("zipstart", self.fields("a.txt", zipTo="out.zip"))
        [zip_url] = api.result(job)["results"]
        [link] = api.result(api.start("streamzip", self.fields("a.txt")))["results"]
        old_id = self.key("list", keys=[self.old]).stdout.splitlines()[1].split()[0]
        self.assertIn(old_id, self.server_refuses_new_alone())

        self.start_with(self.new, self.old)
        self.assertEqual(Api(self.server.url, keys).call("/v2/zipstart", {}).status, 400)
        self.assertIn(old_id, self.server_refuses_new_alone())
        rotated = self.key("rotate", keys=[self.new, self.old])
        self.assertEqual(rotated.returncode, 0, rotated.stderr)
        self.assertIn(self.new_id, rotated.stdout)
        self.assertIn(old_id, rotated.stdout)
        self.assertEqual(self.server.account("disable", "disabled-meanwhile").returncode, 78,
                         "with the old key alone")

        self.start_with(self.new)
        self.assertNotIn(old_id, self.key("list", keys=[self.new]).stdout)
        api = Api(self.server.url, keys)  # the old account gets a token
        self.assertEqual(api.result(job)["results"], [zip_url])
        self.assertEqual(request("GET", link).status, 200)
        fields = {"awsBucket": "files", "filePaths": ["a.txt"]}
        task = api.start("streamzip", fields)  # by the credentials that the account keeps
        self.assertEqual(api.result(task)["message"], "SUCCESS")
        self.assertEqual(Api(self.server.url, disabled).call("/v2/zipstart", {}).status, 400)
        self.server.stop()
        self.assertIn(self.new_id, self.refused(self.old))

    def server_refuses_new_alone(self):
        self.server.stop()
        told = self.refused(self.new)
        self.server.start()
        return told

    def tearDown(self):
        if not self.server.running():
            self.server.start()

    def test_a_key_file_is_never_written_over(self):
        kept = self.new.read_bytes()
        self.assertEqual(self.key("create", self.new).returncode, 65)
        self.assertEqual(self.new.read_bytes(), kept)

    def test_a_server_with_another_first_key_keeps_rotation_off(self):
        other = self.server.folder / "other.key"
        self.assertEqual(self.key("create", other).returncode, 0)
        first = self.server.settings.get("KEY_FILES", self.old)
        result = self.key("rotate", keys=[other, first])
        self.assertEqual(result.returncode, 78, result.stderr)
        self.assertIn("start it anew", result.stderr)


if __name__ == "__main__":
    unittest.main()
