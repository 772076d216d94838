"""Which stores this server speaks to: those that its configuration names, at addresses that are
public or allowed; nowhere else, whatever a request, a name or a store says."""

import os
import unittest

from fake_store import FakeStore
from program import Sandbox, Server, run
from service_case import BUCKET, GatedServiceTest, s3_client
from api_client import Api, request


class AllowedEndpointsTest(GatedServiceTest):
    """awsEndpoint against the list; `gate` is the default store, `other` another allowed one."""

    @classmethod
    def new_server(cls):
        cls.other = FakeStore(lambda *_: (404, {}, b""))
        cls.addClassCleanup(cls.other.close)
        cls.stranger = FakeStore(lambda *_: (404, {}, b""))
        cls.addClassCleanup(cls.stranger.close)
        cls.settings = {"S3_PATIENCE": "2s", "S3_ALLOWED_ENDPOINTS":
                        f"{cls.other.url}/base/,http://store.example.com,https://[2001:db8::1]:9000"}
        return super().new_server()

    def start(self, endpoint):
        return self.api.call("/v2/streamzip", self.fields("a.txt", awsEndpoint=endpoint))

    def test_spellings_of_what_is_allowed(self):
        self.put("a.txt", "a")
        for endpoint in (self.gate.url, self.gate.url + "/", self.gate.url.upper(),
                         f"{self.other.url}/base", f"{self.other.url}/base/",
                         "HTTP://Store.Example.COM", "http://store.example.com:80/",
                         "https://[2001:DB8::1]:9000"):
            with self.subTest(endpoint=endpoint):
                self.assertEqual(self.start(endpoint).status, 200)

    def test_what_is_near_to_it_is_refused(self):
        port = self.other.port
        for endpoint in (self.other.url, f"{self.other.url}/Base", f"{self.other.url}/base/more",
                         f"{self.other.url}/base/..", f"https://127.0.0.1:{port}/base",
                         f"http://localhost:{port}/base", f"http://127.1:{port}/base",
                         f"http://2130706433:{port}/base", f"http://0x7f000001:{port}/base",
                         f"http://0177.0.0.1:{port}/base", f"http://127.0.0.1.:{port}/base",
                         f"http://[::ffff:127.0.0.1]:{port}/base", f"http://x@127.0.0.1:{port}/base",
                         f"http://127.0.0.1:{port}@127.0.0.1:{self.stranger.port}/base",
                         f"http://127.0.0.1:{port}/base?", f"http://127.0.0.1:{port}/base#",
                         "http://store.example.com:8080", "https://store.example.com",
                         "http://a.store.example.com", "http://store.example.com.",
                         "http://[2001:db8::1]:9000", "https://[2001:db8:0::1]:9000",
                         self.stranger.url):
            with self.subTest(endpoint=endpoint):
                reply = self.start(endpoint)
                self.assertEqual(reply.status, 400, reply.body)
                self.assertIn("awsEndpoint", reply.message)
        self.assertEqual(self.stranger.asked, [])


@unittest.skipUnless(os.geteuid() == 0, "only root may give a server hosts of its own")
class NamesTest(unittest.TestCase):
    """Host names that stand for addresses inside; the server sees a hosts file of its own, so that
    the tests need no DNS."""

    def run_with(self, host, **settings):
        """The error of a job and what a link answers, of a store at 127.0.0.1 by this name."""
        sandbox = Sandbox().start()
        self.addCleanup(sandbox.close)
        port = sandbox.url.rsplit(":", 1)[1]
        server = Server(sandbox=False, S3_ENDPOINT=f"http://{host}:{port}", S3_PATIENCE="2s",
                        **settings)
        self.addCleanup(server.close)
        hosts = server.folder / "hosts"
        hosts.write_text("127.0.0.1 localhost inside.example.com inside\n")
        server.prefix = ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"',
                         hosts]
        server.start()
        store = s3_client(sandbox.url)
        self.addCleanup(store.close)
        store.create_bucket(Bucket=BUCKET)
        store.put_object(Bucket=BUCKET, Key="a.txt", Body=b"a")
        api = Api(server.url, server.create_account("tester"))
        fields = {"awsKey": Sandbox.ACCESS_KEY, "awsSecret": Sandbox.SECRET_KEY, "awsBucket": BUCKET,
                  "filePaths": "a.txt"}
        result = api.result(api.start("zipstart", fields))
        links = api.result(api.start("streamzip", fields))["results"]
        reply = request("GET", links[0]) if links else None
        self.assertNotIn("127.0.0.1", str(result.get("error")) + str(reply and reply.status >= 400
                                                                   and reply.body))
        return result, reply, server.log()

    def test_a_name_for_an_address_inside_is_refused(self):
        for host in ("inside.example.com", "inside"):
            with self.subTest(host=host):
                result, reply, log = self.run_with(host)
                self.assertEqual(result["message"], "FAILURE")
                self.assertIn(host, result["error"])
                self.assertIn("s3.allowed_networks", result["error"])
                if reply is not None:
                    self.assertEqual(reply.status, 403)
                self.assertIn("127.0.0.1", log, "the operator learns the address")

    def test_unless_its_network_is_allowed(self):
        for networks in ("127.0.0.0/8", "10.0.0.0/8,127.0.0.1"):
            result, reply, _ = self.run_with("inside.example.com", S3_ALLOWED_NETWORKS=networks)
            self.assertEqual(result["message"], "SUCCESS", result)
            self.assertEqual(reply.status, 200)
        result, _, _ = self.run_with("inside.example.com", S3_ALLOWED_NETWORKS="10.0.0.0/8,127.0.0.2")
        self.assertEqual(result["message"], "FAILURE")

    def test_what_is_no_name_is_refused_at_the_start(self):
        for host in ("127.1", "2130706433", "0x7f000001", "store..example.com", "-store.example.com"):
            with self.subTest(host=host):
                ended = run("serve", settings={"S3_ENDPOINT": f"http://{host}:9000"})
                self.assertEqual(ended.returncode, 78, ended.stderr)
                self.assertIn("s3.endpoint", ended.stderr)
                self.assertIn(host, ended.stderr)

    def test_addresses_and_localhost_are_the_operators_word(self):
        for host in ("127.0.0.1", "localhost"):
            result, reply, _ = self.run_with(host)
            self.assertEqual(result["message"], "SUCCESS", result)
            self.assertEqual(reply.status, 200)


class RedirectsTest(unittest.TestCase):
    """A store that sends its clients elsewhere is not followed but into another region."""

    def fail_with(self, answer):
        store = FakeStore(answer)
        self.addCleanup(store.close)
        server = Server(sandbox=False, S3_ENDPOINT=store.url)
        self.addCleanup(server.close)
        server.start()
        api = Api(server.url, server.create_account("tester"))
        fields = {"awsKey": "k", "awsSecret": "s", "awsBucket": BUCKET, "filePaths": "a.txt"}
        task = api.start("streamzip", fields)
        for link in api.result(task)["results"]:  # as long as it still lists
            self.assertGreaterEqual(request("GET", link).status, 400)
        self.assertEqual(api.result(task)["message"], "FAILURE")
        return store

    def test_a_location_is_not_followed(self):
        canary = FakeStore(lambda *_: (200, {"ETag": '"e"'}, b"secret"))
        self.addCleanup(canary.close)
        document = ("<Error><Code>TemporaryRedirect</Code><Message>there</Message>"
                    f"<Endpoint>127.0.0.1:{canary.port}</Endpoint></Error>").encode()
        for status in (301, 302, 307, 308):
            with self.subTest(status=status):
                headers = {"Location": f"{canary.url}/files/a.txt", "Content-Type": "application/xml"}
                self.fail_with(lambda *_, status=status, headers=headers: (status, headers, document))
                self.assertEqual(canary.asked, [])

    def test_a_region_cannot_be_a_host(self):
        for region in ("evil.example.com/", "x@127.0.0.1", "a b", "../..", "a\tb"):
            with self.subTest(region=region):
                headers = {"x-amz-bucket-region": region}
                store = self.fail_with(lambda *_, headers=headers: (301, headers, b""))
                self.assertNotEqual(store.asked, [])
                for _, _, sent in store.asked:
                    self.assertEqual(sent["Host"], f"127.0.0.1:{store.port}")


if __name__ == "__main__":
    unittest.main()
