"""The test cases of tests whose server speaks https, with a certificate of a private CA."""

import ssl

import api_client
from private_ca import PrivateCa
from program import Server
from service_case import ServiceTest


class TlsServer(Server):
    """A certificate that cannot be used is an error in the log, and what some tests are after."""

    def logged_errors(self):
        return [line for line in super().logged_errors()
                if "the certificate stays the old one" not in line]


class TlsTest(ServiceTest):
    @classmethod
    def new_server(cls):
        cls.ca = PrivateCa(cls.folder)
        cls.certificate = cls.folder / "server.pem"
        cls.key = cls.folder / "server.key"
        cls.ca.issue(cls.certificate, cls.key)
        api_client.trust(cls.ca.file)
        return TlsServer(virtual=cls.virtual, TLS_CERTIFICATE_FILE=cls.certificate,
                         TLS_KEY_FILE=cls.key, TLS_REDIRECT_LISTEN="127.0.0.1:0", **cls.settings)

    @classmethod
    def context(cls):
        return ssl.create_default_context(cafile=cls.ca.file)

    @property
    def address(self):
        host, port = self.server.url.removeprefix("https://").split(":")
        return host, int(port)
