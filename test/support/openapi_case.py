"""The base of the tests that hold the server to docs/reference/openapi.json."""

import http.client
import json
import time
import urllib.parse
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker

from api_client import Api, request
from service_case import ServiceTest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = json.loads((ROOT / "docs/reference/openapi.json").read_text())
METHODS = ("get", "put", "post", "delete")
OPERATIONS = {item[method]["operationId"]: (method.upper(), path, item[method])
              for path, item in DOCUMENT["paths"].items() for method in METHODS if method in item}
TIMEOUT_S = 60


def resolved(schema):
    """What a reference stands for; with what stands beside it."""
    if "$ref" not in schema:
        return schema
    found = DOCUMENT
    for part in schema["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return {**resolved(found), **{name: value for name, value in schema.items() if name != "$ref"}}


def problems(schema, value):
    whole = {"components": DOCUMENT["components"], **schema}
    found = Draft202012Validator(whole, format_checker=FormatChecker()).iter_errors(value)
    return [f"{error.json_path}: {error.message}" for error in found]


class OpenapiCase(ServiceTest):
    """Calls operations by their ids; `seen` has each answer that came."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seen = set()

    def call(self, operation, status, body=None, *, where=None, query=None, headers=None,
             api=None, content_type=None):
        """An operation whose answer must have this status and be as the document says; the answer.
        `where`: what stands for the {…} of the path. `api`: None has no token."""
        method, path, described = OPERATIONS[operation]
        for name, value in (where or {}).items():
            path = path.replace("{%s}" % name, urllib.parse.quote(value, safe=""))
        if query:
            path += "?" + urllib.parse.urlencode(query)
        headers = {**(api.bearer if api else {}), **(headers or {})}
        if isinstance(body, dict):
            headers["Content-Type"], body = "application/json", json.dumps(body).encode()
        reply = request(method, self.server.url + path, headers, body)
        self.check(operation, described, status, reply)
        return reply

    def check(self, operation, described, status, reply):
        what = f"{operation}: {reply.status} {reply.body[:500]}"
        self.assertEqual(reply.status, status, what)
        self.assertIn(str(status), described["responses"], what)
        answer = resolved(described["responses"][str(status)])
        self.seen.add((operation, str(status)))
        if "content" not in answer:
            self.assertEqual(reply.body, b"", what)
            return
        content_type = reply.headers["Content-Type"].split(";")[0]
        self.assertIn(content_type, answer["content"], what)
        self.seen.add((operation, str(status), content_type))
        if content_type == "application/json":
            schema = answer["content"][content_type]["schema"]
            self.assertEqual(problems(schema, reply.json), [], what)

    def too_large(self, operation, api, content_type="application/json"):
        """A body that is only announced."""
        method, path, described = OPERATIONS[operation]
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.server.url).netloc,
                                                timeout=TIMEOUT_S)
        self.addCleanup(connection.close)
        connection.putrequest(method, path)
        headers = {**(api.bearer if api else {}), "Content-Type": content_type,
                   "Content-Length": str(1 << 40)}
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        answer.body = answer.read()
        answer.json = json.loads(answer.body)
        self.check(operation, described, 413, answer)

    def new_account(self):
        keys = self.server.create_account(self.new_name())
        return Api(self.server.url, keys)

    @staticmethod
    def new_name():
        return f"account {time.monotonic_ns()}"
