"""resultsEmail: the second task of a chain, with a real mail server."""

import contextlib
import email
import email.policy
import re
import socket
import ssl
import subprocess
import tempfile
import time
import unittest
from email.utils import parsedate_to_datetime
from pathlib import Path

import zips
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from service_case import BUCKET, ServiceTest

TIMEOUT_S = 30
PASSWORD = "pass word§".encode()


def wait_until(condition, timeout_s):
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_s} s")
        time.sleep(0.1)


class Mailbox:
    """Takes what comes, or answers with what `refusals` holds first."""

    def __init__(self):
        self.letters = []
        self.refusals = []
        self.encrypted = []

    async def handle_DATA(self, server, session, envelope):
        if self.refusals:
            return self.refusals.pop(0)
        self.encrypted.append(session.ssl is not None)
        self.letters.append((envelope.mail_from, envelope.rcpt_tos,
                             email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 OK"


class EncryptedController(Controller):
    def factory(self):
        return SMTP(self.handler, **self.SMTP_kwargs)


def login(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"zipper", PASSWORD))


def make_certificate(folder):
    """Of a CA of its own, for localhost."""
    names = {name: str(folder / name) for name in ("ca.key", "ca.pem", "key", "csr", "pem", "ext")}
    Path(names["ext"]).write_text("subjectAltName=DNS:localhost")
    for command in (
            ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", names["ca.key"],
             "-out", names["ca.pem"], "-days", "2", "-subj", "/CN=CA of a test"],
            ["req", "-newkey", "rsa:2048", "-nodes", "-keyout", names["key"], "-out", names["csr"],
             "-subj", "/CN=localhost"],
            ["x509", "-req", "-in", names["csr"], "-CA", names["ca.pem"], "-CAkey", names["ca.key"],
             "-CAcreateserial", "-out", names["pem"], "-days", "2", "-extfile", names["ext"]]):
        subprocess.run(["openssl", *command], check=True, capture_output=True)
    return names


def mail_of(task):
    """The second task of a chain, alone."""
    return {"taskUUID": task["chainTaskUUID"][1:]}


def free_ports(count):
    """Of this machine; mails name the server's own before it listens."""
    with contextlib.ExitStack() as open_ones:
        servers = [open_ones.enter_context(socket.create_server(("127.0.0.1", 0)))
                   for _ in range(count)]
        return [server.getsockname()[1] for server in servers]


class MailTest(ServiceTest):
    """A server that wants STARTTLS and a login."""

    virtual = (f"{BUCKET}/large.bin=100GB",)

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="s3zipper-mail-")
        cls.addClassCleanup(folder.cleanup)
        names = make_certificate(Path(folder.name))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(names["pem"], names["key"])
        cls.mailbox = Mailbox()
        cls.port, own_port = free_ports(2)
        cls.context = context
        cls.start_smtp()
        cls.addClassCleanup(lambda: cls.smtp.stop())
        own = f"127.0.0.1:{own_port}"
        cls.settings = {"LISTEN": own, "PUBLIC_URL": f"http://{own}",
                        "MAIL_URL": f"smtp://localhost:{cls.port}", "MAIL_FROM": "zips@example.org",
                        "MAIL_USER": "zipper", "MAIL_PASSWORD": PASSWORD.decode(),
                        "MAIL_CA_FILE": names["ca.pem"]}
        super().setUpClass()

    @classmethod
    def start_smtp(cls):
        cls.smtp = EncryptedController(cls.mailbox, hostname="127.0.0.1", port=cls.port,
                                       tls_context=cls.context, require_starttls=True,
                                       auth_required=True, authenticator=login)
        cls.smtp.start()

    def setUp(self):
        self.mailbox.letters.clear()
        self.mailbox.refusals.clear()

    def only_letter(self):
        wait_until(lambda: self.mailbox.letters, TIMEOUT_S)
        [(sender, recipients, message)] = self.mailbox.letters
        self.assertEqual(sender, "zips@example.org")
        return recipients, message

    def check_letter(self, message, name, link):
        """Both forms have the link and the end of its life."""
        self.assertEqual(message["Subject"], f"{name} is ready")
        self.assertEqual(message["From"], "zips@example.org")
        self.assertRegex(message["Message-ID"], r"^<[0-9a-f-]{36}@example.org>$")
        self.assertLess(abs(parsedate_to_datetime(message["Date"]).timestamp() - time.time()), 60)
        [alternatives] = message.iter_parts()
        self.assertEqual(alternatives.get_content_type(), "multipart/alternative")
        text = message.get_body(("plain",)).get_content()
        html = message.get_body(("html",)).get_content()
        self.assertIn(link, text.splitlines())
        self.assertIn(f'href="{link.replace("&", "&amp;")}"', html)
        for form in (text, html):
            self.assertRegex(form, r"The link works until 20\d\d-\d\d-\d\d \d\d:\d\d UTC")
        return text

    def test_a_job_and_its_mail_are_a_chain(self):
        digest = self.put("a.txt", "x" * 29)
        fields = self.fields("a.txt", resultsEmail="reader@example.org", zipTo="Grüße aus Köln.zip")
        for version, first in ((1, "streams3"), (2, "streams3v2")):
            with self.subTest(version=version):
                self.setUp()
                task = self.api.start("zipstart", fields, version)
                self.assertEqual(list(task), ["message", "chainTaskUUID", "size"])
                zip_task, mail_task = task["chainTaskUUID"]
                self.assertEqual(list(zip_task), [first])
                self.assertRegex(mail_task["email"], "^task_[0-9a-f-]{36}$")
                self.assertEqual(self.succeed(task, version), "sent to reader@example.org")
                state = self.api.state({"chainTaskUUID": [mail_task]}, version)
                self.assertEqual((state["TaskName"], state["State"]), ("email", "SUCCESS"))
                state = self.api.state(task, version)
                self.assertEqual((state["TaskName"], state["TaskUUID"]), (first, zip_task[first]))
                link = self.succeed({"taskUUID": [zip_task]}, version)
                self.assertEqual(self.succeed({"chainTaskUUID": [zip_task, {"email": ""}]}, version),
                                 link)
                recipients, message = self.only_letter()
                self.assertEqual(recipients, ["reader@example.org"])
                text = self.check_letter(message, "Grüße aus Köln.zip", link)
                self.assertIn("(1 file, ", text)
                zips.check(self.download(link), {"a.txt": digest})
        self.assertEqual(set(self.mailbox.encrypted), {True})

    def test_a_streams_link_is_mailed_too(self):
        digest = self.put("b.txt", "b")
        task = self.api.start("streamzip", self.fields("b.txt", resultsEmail="reader@example.org",
                                                       zipFileName="mine.zip"))
        self.assertEqual(self.succeed(task), "sent to reader@example.org")
        _, message = self.only_letter()
        text = message.get_body(("plain",)).get_content()
        [link] = re.findall(r"^http://\S+/stream/\S+/mine.zip$", text, re.MULTILINE)
        self.check_letter(message, "mine.zip", link)
        zips.check(self.download(link), {"b.txt": digest})

    def test_all_parts_are_named(self):
        self.put_all({f"parts/{i}": str(i) for i in range(3)})
        task = self.api.start("zipstart", self.fields("parts/", resultsEmail="reader@example.org",
                                                      maxFileCount=1))
        self.succeed(task)
        _, message = self.only_letter()
        links = self.api.result({"taskUUID": task["chainTaskUUID"][:1]})["results"]
        text = message.get_body(("plain",)).get_content().splitlines()
        self.assertEqual([line for line in text if line.startswith("http")], links)

    def check_failure_letter(self, subject, task_id, *reasons):
        recipients, message = self.only_letter()
        self.assertEqual(recipients, ["reader@example.org"])
        self.assertEqual(message["Subject"], subject)
        for form in ("plain", "html"):
            content = message.get_body((form,)).get_content()
            for part in (f"Sorry, {subject}", task_id, *reasons):
                self.assertIn(part, content)
            for inside in (self.server.sandbox_url, "127.0.0.1", str(self.server.folder)):
                self.assertNotIn(inside, content)

    def test_what_fails_is_mailed_and_fails_the_chain(self):
        for version in (1, 2):
            with self.subTest(version=version):
                self.setUp()
                task = self.api.start("zipstart", self.fields(
                    "nowhere/", resultsEmail="reader@example.org", zipTo="out/trip.zip"), version)
                error = self.fail_task(task, version)
                self.assertIn("nowhere", error)
                [task_id] = task["chainTaskUUID"][0].values()
                self.check_failure_letter("trip.zip could not be made", task_id, "nowhere")
                for asked in (task, mail_of(task)):
                    self.assertEqual(self.api.state(asked)["State"], "FAILURE")
                    self.assertEqual(self.api.state(asked)["Error"], error)

    def test_a_stream_that_fails_is_mailed(self):
        task = self.api.start("streamzip", self.fields(
            "nowhere/", resultsEmail="reader@example.org", zipFileName="mine.zip"))
        [task_id] = task["chainTaskUUID"][0].values()
        self.check_failure_letter("mine.zip could not be made", task_id, "nowhere")
        self.assertIn("nowhere", self.fail_task(task))

    def test_a_cancelled_zip_is_mailed(self):
        task = self.api.start("zipstart", self.fields("large.bin", resultsEmail="reader@example.org",
                                                      zipTo="out/large.zip"))
        [task_id] = task["chainTaskUUID"][0].values()
        cancelled = self.api.call(f"/api/zips/{task_id.removeprefix('zipper_s3_')}/cancel", {})
        self.assertEqual(cancelled.status, 200, cancelled.body)
        self.assertEqual(self.fail_task(task), "cancelled")
        self.check_failure_letter("large.zip was cancelled", task_id)

    def test_a_failure_is_told_while_the_mail_server_is_down_and_mailed_later(self):
        self.smtp.stop()
        try:
            task = self.api.start("zipstart", self.fields("nowhere/",
                                                          resultsEmail="reader@example.org"))
            self.assertIn("nowhere", self.fail_task(task))
        finally:
            self.start_smtp()
        [task_id] = task["chainTaskUUID"][0].values()
        _, message = self.only_letter()
        self.assertIn(task_id, message.get_body(("plain",)).get_content())

    def test_the_requester_is_told_no_address_of_the_mail_server(self):
        self.put("a.txt", "a")
        self.smtp.stop()
        try:
            task = self.api.start("zipstart", self.fields("a.txt",
                                                          resultsEmail="reader@example.org"))
            wait_until(lambda: self.api.state(mail_of(task))["State"] == "RETRY", TIMEOUT_S)
            error = self.api.state(mail_of(task))["Error"]
        finally:
            self.start_smtp()
        self.assertEqual(error, "the mail server cannot be reached")
        self.assertRegex(self.server.log(), f"mail .* localhost port {self.port}")
        self.succeed(task)

    def test_a_refusal_for_good_fails_the_chain_with_the_servers_words(self):
        self.put("a.txt", "a")
        self.mailbox.refusals.append("554 we do not like it")
        task = self.api.start("zipstart", self.fields("a.txt", resultsEmail="reader@example.org"))
        self.assertIn("554", self.fail_task(task))
        link = self.succeed({"taskUUID": task["chainTaskUUID"]})
        self.assertTrue(link.startswith("http"), "the zip is there all the same")

    def test_a_server_that_is_busy_is_tried_again(self):
        self.put("a.txt", "a")
        self.mailbox.refusals.append("451 later, please")
        task = self.api.start("zipstart", self.fields("a.txt", resultsEmail="reader@example.org"))
        mail = mail_of(task)
        wait_until(lambda: self.api.state(mail)["State"] == "RETRY", TIMEOUT_S)
        self.assertIn("451", self.api.state(mail)["Error"])
        self.assertEqual(self.succeed(task), "sent to reader@example.org")

    def test_the_state_of_a_chain_is_the_zips_while_the_mail_server_is_down(self):
        self.put("a.txt", "a")
        self.smtp.stop()
        try:
            for call, version in (("zipstart", 1), ("zipstart", 2), ("streamzip", 2)):
                task = self.api.start(call, self.fields("a.txt", resultsEmail="reader@example.org"),
                                      version)
                wait_until(lambda: self.api.state(mail_of(task))["State"] == "RETRY", TIMEOUT_S)
                state = self.api.state(task, version)
                self.assertEqual((state["State"], state["Error"]), ("SUCCESS", ""))
                self.assertTrue(state["Results"][0]["Value"].startswith("http"), state)
        finally:
            self.start_smtp()
        self.assertEqual(self.succeed(task), "sent to reader@example.org")

    def test_a_mail_that_waits_is_sent_after_a_restart(self):
        self.put("a.txt", "a")
        self.smtp.stop()
        task = self.api.start("zipstart", self.fields("a.txt", resultsEmail="reader@example.org"))
        wait_until(lambda: self.api.state(mail_of(task))["State"] == "RETRY", TIMEOUT_S)
        self.server.kill()
        self.start_smtp()
        self.server.start()
        self.assertEqual(self.succeed(task), "sent to reader@example.org")

    def test_a_silent_mail_server_does_not_hold_up_the_end(self):
        self.put("a.txt", "a")
        self.smtp.stop()
        try:
            with socket.create_server(("127.0.0.1", self.port)) as silent:
                silent.settimeout(TIMEOUT_S)
                task = self.api.start("zipstart", self.fields("a.txt",
                                                              resultsEmail="reader@example.org"))
                connection, _ = silent.accept()
                with connection:
                    self.assertLess(self.server.stop(), 10)
        finally:
            self.start_smtp()
            self.server.start()
        self.assertEqual(self.succeed(task), "sent to reader@example.org")

    def test_only_one_address_is_taken(self):
        for address in ("nobody", "a@b, c@d", "a@b\r\nBcc: c@d", "Name <a@b>", "ü@b"):
            reply = self.api.call("/v2/zipstart", self.fields("a.txt", resultsEmail=address))
            self.assertEqual(reply.status, 400, address)
            self.assertIn("resultsEmail", reply.message)

    def test_the_mails_of_others_are_unknown(self):
        self.put("a.txt", "a")
        task = self.api.start("zipstart", self.fields("a.txt", resultsEmail="reader@example.org"))
        other = type(self.api)(self.server.url, self.server.create_account("stranger"))
        self.assertEqual(other.call("/v2/zipstate", task).status, 404)
        self.succeed(task)

    def test_the_password_is_in_no_log(self):
        self.assertNotIn(PASSWORD.decode(), self.server.log())


if __name__ == "__main__":
    unittest.main()
