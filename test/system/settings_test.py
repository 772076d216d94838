"""Settings of the environment: what Kubernetes puts there is passed over, and what is spelled wrongly
stops the start with the name that may be meant."""

import unittest

from api_client import request
from program import Server, run

KUBERNETES = {
    "SERVICE_HOST": "10.96.0.7", "SERVICE_PORT": "8080", "SERVICE_PORT_HTTP": "8080",
    "PORT": "tcp://10.96.0.7:8080", "PORT_8080_TCP": "tcp://10.96.0.7:8080",
    "PORT_8080_TCP_PROTO": "tcp", "PORT_8080_TCP_PORT": "8080", "PORT_8080_TCP_ADDR": "10.96.0.7",
    "WEB_SERVICE_HOST": "10.96.0.8", "WEB_SERVICE_PORT": "80", "WEB_SERVICE_PORT_HTTPS": "443",
    "WEB_PORT": "tcp://10.96.0.8:80", "WEB_PORT_443_TCP_ADDR": "10.96.0.8",
    "DNS_PORT_53_UDP": "udp://10.96.0.9:53"}


class SettingsTest(unittest.TestCase):
    def test_services_beside_it_are_no_settings(self):
        server = Server(sandbox=False, **KUBERNETES)
        self.addCleanup(server.close)
        server.start()
        self.assertEqual(request("GET", server.url + "/readyz").status, 200)
        self.assertEqual(server.account("list").returncode, 0)

    def test_another_name_stops_the_start(self):
        for name, value, meant in (("LISTENS", "127.0.0.1:0", "S3ZIPPER_LISTEN"),
                                   ("DATADIR", "/tmp", "S3ZIPPER_DATA_DIR"),
                                   ("JOB_WORKERS", "2", "S3ZIPPER_JOBS_WORKERS"),
                                   ("MEMORY_BUGDET", "64MiB", "S3ZIPPER_MEMORY_BUDGET"),
                                   ("PORT", "8080", ""), ("SERVICE_PORTS", "80", ""),
                                   ("PORT_8080", "tcp://10.0.0.1:8080", "")):
            with self.subTest(name=name):
                result = run("serve", settings={name: value})
                self.assertEqual(result.returncode, 78, result.stderr)
                self.assertIn(f"S3ZIPPER_{name} is no setting", result.stderr)
                self.assertIn(f"; {meant} may be meant" if meant else "", result.stderr)


if __name__ == "__main__":
    unittest.main()
