"""Who may call: accounts by the command line, tokens, and the Authorization header."""

import base64
import json
import os
import pty
import re
import signal
import socket
import subprocess
import tempfile
import termios
import time
import unittest
from pathlib import Path

from api_client import FORMS, Api, encode, request
from program import Server, environment, program_path, run
from service_case import ServiceTest


class TokensTest(ServiceTest):
    def test_both_paths_and_all_body_types_give_a_token(self):
        for path in ("/gentoken", "/tokenv2"):
            for form in FORMS:
                with self.subTest(path=path, form=form):
                    reply = self.api.post(path, self.keys, form)
                    self.assertEqual(reply.status, 200, reply.body)
                    self.assertEqual(list(reply.json), ["token"])
                    self.assertTrue(reply.headers["Content-Type"].startswith("application/json"))

    def test_a_token_is_a_jwt_of_24_hours_signed_by_hs256(self):
        head, claims, _ = (json.loads(base64.urlsafe_b64decode(part + "=="))
                           if index < 2 else part
                           for index, part in enumerate(self.api.token.split(".")))
        self.assertEqual(head["alg"], "HS256")
        self.assertEqual(claims["exp"] - claims["iat"], 24 * 3600)
        self.assertLess(abs(claims["iat"] - time.time()), 600)

    def test_a_token_is_good_on_both_versions(self):
        for version in (1, 2):
            reply = self.api.call(f"/v{version}/zipstart", {})
            self.assertEqual(reply.status, 400, reply.body)  # past the token, to the fields

    def test_wrong_credentials_get_no_token(self):
        secret = self.keys["userSecret"]
        for wrong in ({"userSecret": "x" * 36}, {"userSecret": secret[:-1]},
                      {"userSecret": secret + "x"}, {"userKey": "nobody"}):
            with self.subTest(wrong=wrong):
                reply = self.api.post("/gentoken", self.keys | wrong)
                self.assertEqual(reply.status, 401)
                self.assertEqual(list(reply.json), ["message"])

    def test_a_missing_field_is_named(self):
        for name in ("userKey", "userSecret"):
            for form in FORMS:
                with self.subTest(name=name, form=form):
                    fields = {key: value for key, value in self.keys.items() if key != name}
                    reply = self.api.post("/gentoken", fields, form)
                    self.assertEqual(reply.status, 400)
                    self.assertIn(name, reply.message)

    def test_json_field_names_match_without_regard_to_case_and_others_are_ignored(self):
        fields = {"USERKEY": self.keys["userKey"], "usersecret": self.keys["userSecret"],
                  "more": {"of": ["this"]}}
        self.assertEqual(self.api.post("/gentoken", fields).status, 200)

    def test_a_content_type_may_have_a_charset(self):
        body, content_type = encode(self.keys, "json")
        headers = {"Content-Type": f"{content_type}; charset=utf-8"}
        reply = request("POST", f"{self.server.url}/gentoken", headers, body)
        self.assertEqual(reply.status, 200, reply.body)

    def test_other_bodies_are_refused(self):
        for content_type, body, status in (("text/plain", b"userKey=a", 415),
                                           ("application/json", b"{", 400),
                                           ("application/json", b"[]", 400),
                                           ("multipart/form-data", b"x", 400)):
            with self.subTest(content_type=content_type, body=body):
                headers = {"Content-Type": content_type}
                reply = request("POST", f"{self.server.url}/gentoken", headers, body)
                self.assertEqual(reply.status, status)
                self.assertTrue(reply.message)

    def test_other_methods_and_paths_are_refused(self):
        for method, path, status in (("GET", "/gentoken", 405), ("PUT", "/v1/zipstart", 405),
                                     ("POST", "/v3/zipstart", 404), ("POST", "/", 405)):
            with self.subTest(method=method, path=path):
                reply = request(method, self.server.url + path)
                self.assertEqual(reply.status, status)
                self.assertTrue(reply.message)


class AuthorizationTest(ServiceTest):
    CALLS = tuple(f"/v{version}/{call}" for version in (1, 2)
                  for call in ("zipstart", "streamzip", "zipstate", "zipresult"))

    def status_of(self, authorization, path="/v2/zipstart"):
        headers = {} if authorization is None else {"Authorization": authorization}
        reply = self.api.post(path, {}, headers=headers)
        self.assertEqual(list(reply.json), ["message"])
        return reply.status

    def test_every_call_wants_a_token(self):
        for path in self.CALLS:
            with self.subTest(path=path):
                self.assertEqual(self.status_of(None, path), 401)
                self.assertEqual(self.status_of("Bearer nonsense", path), 401)

    def test_the_header_by_the_table(self):
        token = self.api.token
        head, claims, signature = token.split(".")
        none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
        table = (
            ("Basic dTpw", 400),
            (token, 400),
            ("Bearer", 400),
            (f"Token {token}", 400),
            ("Bearer x.y.z", 401),
            (f"Bearer {head}.{claims}.", 401),
            (f"Bearer {none}.{claims}.", 401),
            (f"Bearer {head}.{claims}.{signature[:-4]}AAAA", 401),
            (f"Bearer {token}x", 401),
            # Past the token, to the fields, which are missing.
            (f"Bearer {token}", 400),
            (f"bearer   {token}", 400),
        )
        for authorization, status in table:
            with self.subTest(authorization=authorization):
                self.assertEqual(self.status_of(authorization), status)

    def test_a_header_line_needs_no_space_after_the_colon(self):
        host, port = self.server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(f"POST /v2/zipstate HTTP/1.1\r\nHost:{host}\r\n"
                               f"Authorization:Bearer {self.api.token}\r\nContent-Length:2\r\n"
                               "Connection:close\r\n\r\n{}".encode())
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        self.assertTrue(answer.startswith(b"HTTP/1.1 400 "), answer)
        self.assertIn(b"task id", answer)

    def test_expect_100_continue_is_answered(self):
        host, port = self.server.url.removeprefix("http://").split(":")
        body, content_type = encode(self.keys, "json")
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(f"POST /gentoken HTTP/1.1\r\nHost: {host}\r\nExpect: 100-continue\r\n"
                               f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
                               "Connection: close\r\n\r\n".encode())
            self.assertTrue(connection.recv(65536).startswith(b"HTTP/1.1 100 "))
            connection.sendall(body)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer)


class AccountsTest(ServiceTest):
    def token_status(self, keys):
        return self.api.post("/gentoken", keys).status

    def test_create_shows_the_keys_once(self):
        made = self.server.account("create", "shown")
        self.assertEqual(made.returncode, 0, made.stderr)
        keys = dict(re.findall(r"^(userKey|userSecret): (\S+)$", made.stdout, re.MULTILINE))
        self.assertEqual(len(keys["userSecret"]), 36)
        self.assertEqual(self.token_status(keys), 200)
        listed = self.server.account("list").stdout
        self.assertIn(keys["userKey"], listed)
        self.assertIn("shown", listed)
        self.assertNotIn(keys["userSecret"], listed)

    def test_a_name_is_taken_once(self):
        self.server.create_account("twice")
        again = self.server.account("create", "twice")
        self.assertNotEqual(again.returncode, 0)
        self.assertIn("twice", again.stderr)

    def test_rotating_ends_the_old_secret_and_its_tokens_at_once(self):
        old = self.server.create_account("rotating")
        api = Api(self.server.url, old)
        self.assertEqual(api.call("/v2/zipstart", {}).status, 400)
        rotated = self.server.account("rotate", "rotating", "--json")
        self.assertEqual(rotated.returncode, 0, rotated.stderr)
        new = json.loads(rotated.stdout)
        self.assertEqual(new["userKey"], old["userKey"])
        self.assertEqual(api.call("/v2/zipstart", {}).status, 401)
        self.assertEqual(self.token_status(old), 401)
        self.assertEqual(Api(self.server.url, new).call("/v2/zipstart", {}).status, 400)

    def test_disabling_ends_an_account_and_its_tokens(self):
        keys = self.server.create_account("ending")
        api = Api(self.server.url, keys)
        self.assertEqual(api.call("/v2/zipstart", {}).status, 400)
        self.assertEqual(self.server.account("disable", keys["userKey"]).returncode, 0)
        self.assertEqual(api.call("/v2/zipstart", {}).status, 401)
        self.assertEqual(self.token_status(keys), 401)
        [line] = [line for line in self.server.account("list").stdout.splitlines()
                  if line.startswith("ending ")]
        self.assertIn("disabled", line)

    def test_a_disabled_account_gets_no_keys_until_it_is_enabled(self):
        keys = self.server.create_account("pausing")
        api = Api(self.server.url, keys)
        self.assertEqual(api.call("/v2/zipstart", {}).status, 400)
        self.assertEqual(self.server.account("disable", "pausing").returncode, 0)
        refused = self.server.account("rotate", "pausing", "--json")
        self.assertEqual((refused.returncode, refused.stdout), (65, ""))
        self.assertIn("account enable", refused.stderr)
        self.assertEqual(self.server.account("enable", "pausing").returncode, 0)
        self.assertEqual(self.token_status(keys), 200)
        self.assertEqual(api.call("/v2/zipstart", {}).status, 401, "a token of before")
        self.assertEqual(self.server.account("rotate", "pausing").returncode, 0)
        self.assertEqual(self.token_status(keys), 401)
        again = self.server.account("enable", "pausing")
        self.assertEqual((again.returncode, again.stdout), (0, "pausing is not disabled.\n"))

    def test_deleting_asks_first(self):
        keys = self.server.create_account("staying")
        for answer in ("", "n\n", "no\n", "staying\n"):
            refused = self.answer(answer, "delete", "staying")
            self.assertEqual(refused.returncode, 2, refused.stdout)
            self.assertIn("--yes", refused.stderr)
            self.assertEqual(self.token_status(keys), 200)
        self.assertEqual(self.answer("yes\n", "delete", "staying").returncode, 0)
        self.assertEqual(self.token_status(keys), 401)

    def answer(self, text, *arguments):
        return subprocess.run([program_path(), "account", *arguments], input=text, check=False,
                              capture_output=True, text=True, timeout=60,
                              env=environment(DATA_DIR=self.server.data))

    def test_a_secret_that_is_typed_is_not_shown(self):
        keys = self.server.create_account("typing")
        main, terminal = pty.openpty()
        process = subprocess.Popen([program_path(), "account", "credentials", "typing"],
                                   stdin=terminal, stdout=terminal, stderr=terminal,
                                   env=environment(DATA_DIR=self.server.data)
                                   | {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "aws"})
        self.addCleanup(process.kill)
        shown = b""
        while b"userSecret: " not in shown:
            shown += os.read(main, 1000)
        self.assertFalse(termios.tcgetattr(terminal)[3] & termios.ECHO)
        os.write(main, keys["userSecret"].encode() + b"\n")
        while b"keeps the credentials" not in shown:
            shown += os.read(main, 1000)
        self.assertEqual(process.wait(60), 0)
        self.assertNotIn(keys["userSecret"].encode(), shown)
        self.assertTrue(termios.tcgetattr(terminal)[3] & termios.ECHO, "as before")
        os.close(main)
        os.close(terminal)

    def test_a_signal_gives_the_terminal_back(self):
        self.server.create_account("leaving")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            main, terminal = pty.openpty()
            process = subprocess.Popen([program_path(), "account", "credentials", "leaving"],
                                       stdin=terminal, stdout=terminal, stderr=terminal,
                                       env=environment(DATA_DIR=self.server.data)
                                       | {"AWS_ACCESS_KEY_ID": "AKIA",
                                          "AWS_SECRET_ACCESS_KEY": "aws"})
            self.addCleanup(process.kill)
            shown = b""
            while b"userSecret: " not in shown:
                shown += os.read(main, 1000)
            process.send_signal(number)
            self.assertEqual(process.wait(60), -number)
            self.assertTrue(termios.tcgetattr(terminal)[3] & termios.ECHO)
            os.close(main)
            os.close(terminal)

    def test_an_unknown_account_is_named(self):
        for action in ("rotate", "disable", "enable", "delete"):
            result = self.server.account(action, "no-such-account")
            self.assertEqual(result.returncode, 66)
            self.assertIn("no-such-account", result.stderr)


class DataFolderTest(unittest.TestCase):
    """Which command makes what: a database and a key come from `serve` and `account create`."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.data = self.folder / "s3zipper-data"

    def account(self, *arguments):
        return run("account", *arguments, folder=self.folder)

    def test_other_commands_make_nothing(self):
        for made in (False, True):
            if made:
                self.data.mkdir()
            for arguments in (["list"], ["rotate", "x"], ["disable", "x"], ["enable", "x"],
                              ["delete", "x", "--yes"], ["credentials", "x", "--remove"]):
                with self.subTest(arguments=arguments, made=made):
                    result = self.account(*arguments)
                    self.assertEqual(result.returncode, 78, result.stderr)
                    self.assertIn("s3zipper-data/s3zipper.db", result.stderr)
                    self.assertIn("--data-dir", result.stderr)
            self.assertEqual(list(self.folder.rglob("*")), [self.data] if made else [])

    def test_create_says_what_it_makes(self):
        result = self.account("create", "first", "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(list(json.loads(result.stdout)), ["userKey", "userSecret"])
        for made in ("master.key", "s3zipper.db"):
            self.assertIn(f"s3zipper-data/{made} was made", result.stderr)
        again = self.account("create", "second")
        self.assertEqual((again.returncode, again.stderr), (0, ""))

    def test_no_key_is_made_beside_a_database(self):
        self.account("create", "first")
        key = self.data / "master.key"
        kept = key.read_bytes()
        key.unlink()
        for command in (["account", "create", "second"], ["account", "list"],
                        ["serve", "--listen", "127.0.0.1:0"]):
            result = run(*command, folder=self.folder)
            self.assertEqual(result.returncode, 78, result.stderr)
            self.assertIn("master.key", result.stderr)
            self.assertFalse(key.exists())
        key.touch(0o600)
        key.write_bytes(kept)
        self.assertEqual(self.account("list").returncode, 0)

    def test_it_is_its_owners_alone(self):
        self.account("create", "first")
        self.assertEqual(self.data.stat().st_mode & 0o777, 0o700)
        self.data.chmod(0o755)
        told = self.account("list")
        self.assertIn("0755", told.stderr)
        self.assertEqual(self.data.stat().st_mode & 0o777, 0o700)

    def test_a_folder_of_others_is_told_and_left_as_it_is(self):
        self.folder.chmod(0o755)
        (self.folder / "other").touch()
        made = self.account("create", "first", "--data-dir", self.folder)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertIn(f"chmod 700 {self.folder}", made.stderr)
        self.assertEqual(self.folder.stat().st_mode & 0o777, 0o755)


class ConfigTest(ServiceTest):
    """Configuration errors name what is wrong and exit with 78 (EX_CONFIG)."""

    def refused(self, *arguments, settings=None):
        result = run("serve", *arguments, settings=settings, folder=self.folder)
        self.assertEqual(result.returncode, 78, result.stderr)
        return result.stderr

    def write(self, text):
        path = self.folder / "wrong.toml"
        path.write_text(text)
        return path

    def test_wrong_values_are_named(self):
        for setting, value in (("THREADS", "many"), ("LISTEN", "nowhere"), ("LOG_LEVEL", "loud"),
                               ("MEMORY_BUDGET", "1MiB"), ("JOBS_WORKERS", "1025"),
                               ("S3_ADDRESSING", "both"), ("PUBLIC_URL", "zip.example.com"),
                               ("S3_ENDPOINT", "ftp://x")):
            with self.subTest(setting=setting):
                message = self.refused(settings={setting: value})
                self.assertIn(value, message)
                self.assertIn(setting.lower().split("_")[-1], message)

    def test_an_unknown_key_of_the_file_is_named(self):
        message = self.refused("--config", self.write("[memory]\nbugdet = '1 GiB'\n"))
        self.assertIn("memory.bugdet", message)

    def test_a_file_that_is_no_toml_is_named_with_its_line(self):
        message = self.refused("--config", self.write("threads = 1\n= 2\n"))
        self.assertIn("wrong.toml, line 2", message)

    def test_a_missing_file_is_named(self):
        self.assertIn("no-such.toml", self.refused("--config", "no-such.toml"))

    def test_an_unknown_variable_is_named(self):
        self.assertIn("S3ZIPPER_THREAD", self.refused(settings={"THREAD": "1"}))

    def test_an_unknown_flag_is_a_usage_error_that_names_it(self):
        result = run("serve", "--bugdet", "1")
        self.assertEqual(result.returncode, 64)
        self.assertIn("--bugdet", result.stderr)

    def test_flags_win_over_variables_and_these_over_the_file(self):
        path = self.write("data_dir = 'of-file'\n")
        variable, flag = {"DATA_DIR": "of-variable"}, ("--data-dir", "of-flag")
        for taken, more, settings in (("of-file", (), {}), ("of-variable", (), variable),
                                      ("of-flag", flag, variable)):
            made = run("account", "create", "x", "--config", path, *more, settings=settings,
                       folder=self.folder)
            self.assertEqual(made.returncode, 0, made.stderr)
            self.assertTrue((self.folder / taken / "s3zipper.db").exists(), taken)

    def test_the_example_file_is_taken_as_it_is(self):
        example = run("config")
        self.assertEqual(example.returncode, 0)
        lines = [line.removeprefix("# ") if re.match(r"# \w+ = ", line) else line
                 for line in example.stdout.splitlines()]
        path = self.folder / "example.toml"
        path.write_text("\n".join(lines) + "\n")
        made = run("account", "create", "example", "--config", path, folder=self.folder)
        self.assertEqual(made.returncode, 0, made.stderr)

    def test_another_master_key_is_refused(self):
        server, other = Server(), Server()
        for each in (server, other):
            self.addCleanup(each.close)
            each.start()
            each.stop()
        settings = {"DATA_DIR": server.data, "LISTEN": "127.0.0.1:0",
                    "KEY_FILES": other.data / "master.key"}
        self.assertIn("master key", self.refused(settings=settings))
        made = run("account", "create", "of-no-use", settings=settings)
        self.assertEqual(made.returncode, 78, made.stderr)

    def test_the_master_key_is_for_its_owner_alone(self):
        self.assertEqual((self.server.data / "master.key").stat().st_mode & 0o777, 0o600)


if __name__ == "__main__":
    unittest.main()
