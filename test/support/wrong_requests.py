"""Every field of the API, wrong in every way that a client can make it wrong: what is sent, the
status of the answer, and what its message must name. requests_test.py sends them all.
"""

import json
import urllib.parse
from dataclasses import dataclass, field

MAX_PATHS = 100_000
MAX_KEY_BYTES = 1024
MAX_CREDENTIAL_BYTES = 16 * 1024
MAX_BODY_BYTES = 32 << 20
MAX_SMALL_BODY_BYTES = 64 << 10
MAX_FORM_FIELDS = 200_000
MAX_JSON_DEPTH = 32

STARTS = tuple(f"/v{version}/{call}" for version in (1, 2) for call in ("zipstart", "streamzip"))
TOKENS = ("/gentoken", "/tokenv2")
QUESTIONS = tuple(f"/v{version}/{call}" for version in (1, 2) for call in ("zipstate", "zipresult"))

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
LINE = "multipart/form-data; boundary=line"


@dataclass
class Case:
    field: str  # or the part of the request
    what: str
    status: int
    named: str  # must be in the answer's message
    calls: tuple = STARTS
    change: dict = None  # of fields that are right, as JSON
    body: object = None  # bytes, or a function of the fields that are right
    content_type: str = JSON
    headers: dict = field(default_factory=dict)


def of(name, *rows, calls=STARTS):
    """Cases of one field, by (what, value); ABSENT takes it away."""
    return [Case(name, what, 400, name, calls, change={name: value}) for what, value in rows]


ABSENT = object()

WRONG_TYPES = (("an object", {"a": "b"}), ("a list of two", ["a", "b"]), ("a list of lists", [["a"]]),
               ("a list with null", [None]))
NO_TEXT = (("absent", ABSENT), ("empty", ""), ("null", None), ("an empty list", []))
NO_HEADER_TEXT = (("with a line's end", "a\r\nX-Evil: b"), ("with NUL", "a\0b"), ("with a space", "a b"),
                  ("not ASCII", "schlüssel"), (f"of {MAX_CREDENTIAL_BYTES + 1} bytes",
                                               "x" * (MAX_CREDENTIAL_BYTES + 1)))

FIELDS = [
    *of("awsKey", *NO_TEXT, ("-", "-"), *WRONG_TYPES, *NO_HEADER_TEXT),
    *of("awsSecret", *NO_TEXT, ("-", "-"), *WRONG_TYPES, *NO_HEADER_TEXT),
    *of("awsToken", *WRONG_TYPES, *NO_HEADER_TEXT),
    *of("awsBucket", *NO_TEXT, *WRONG_TYPES, ("of 2 bytes", "ab"), ("of 256 bytes", "a" * 256),
        ("of 1 MB", "a" * 1_000_000), ("with a slash", "a/b"), ("with a space", "a b c"),
        ("not ASCII", "bücket"), ("with NUL", "abc\0"), ("..", ".."), ("a number", 7)),
    *of("awsRegion", *WRONG_TYPES, ("with a space", "eu west"), ("with a slash", "eu/west"),
        ("with a line's end", "eu\r\nX: y"), ("of 64 bytes", "a" * 64), ("of 1 MB", "a" * 1_000_000)),
    *of("awsEndpoint", *WRONG_TYPES, ("no URL", "s3"), ("another scheme", "ftp://127.0.0.1"),
        ("file:", "file:///etc/passwd"), ("with a user name", "http://user:password@127.0.0.1"),
        ("with a query", "http://127.0.0.1?a"), ("with a fragment", "http://127.0.0.1#a"),
        ("without a host", "http://"), ("port 0", "http://127.0.0.1:0"),
        ("port 65536", "http://127.0.0.1:65536"), ("a broken IPv6 address", "http://[::1"),
        ("the metadata service", "http://169.254.169.254"),
        ("the same in IPv6", "http://[fd00:ec2::254]"), ("the same as a number", "http://2852039166"),
        ("loopback", "http://127.0.0.1"), ("loopback in IPv6", "http://[::1]"),
        ("loopback, IPv4 in IPv6", "http://[::ffff:127.0.0.1]"), ("loopback in short", "http://127.1"),
        ("loopback in hex", "http://0x7f000001"), ("loopback in octal", "http://0177.0.0.1"),
        ("loopback by name", "http://localhost"), ("another host", "https://s3.example.com"),
        ("a host at AWS that is not S3", "http://ec2-1-2-3-4.compute-1.amazonaws.com"),
        ("S3 at another port", "https://s3.eu-west-1.amazonaws.com:8443"),
        ("like S3", "https://s3.amazonaws.com.example.com"), ("with a line's end", "http://a\r\nb"),
        ("of 1025 bytes", "http://" + "a" * 1018)),
    *of("filePaths", *NO_TEXT, ("an object", {"a": "b"}), ("a list of lists", [["a"]]),
        ("a list with null", [None]), ("a list with an object", ["a", {"b": "c"}]),
        ("a list of an empty text", [""]),
        (f"a key of {MAX_KEY_BYTES + 1} bytes", "a" * (MAX_KEY_BYTES + 1)),
        (f"the same in a bucket", "other-bucket/" + "a" * (MAX_KEY_BYTES + 1)),
        (f"the same in Unicode", "ü" * (MAX_KEY_BYTES // 2 + 1)),
        (f"{MAX_PATHS + 1} paths", ["a.txt"] * (MAX_PATHS + 1))),
    *of("zipTo", *WRONG_TYPES),
    *of("zipFileName", *WRONG_TYPES),
    *of("zipTo", (f"a key of {MAX_KEY_BYTES + 1} bytes", "a" * (MAX_KEY_BYTES - 3) + ".zip"),
        ("of 1 MB", "a" * 1_000_000), ("with NUL", "a\0.zip"), ("with a line's end", "a\r\n.zip"),
        calls=("/v1/zipstart", "/v2/zipstart")),
    *of("zipFileName", (f"a key of over {MAX_KEY_BYTES} bytes", "a" * MAX_KEY_BYTES),
        ("with NUL", "a\0.zip"), calls=("/v1/zipstart", "/v2/zipstart")),
    *of("expireLink", *WRONG_TYPES, ("a word", "soon"), ("hexadecimal", "0x10"), ("infinity", "inf"),
        ("two numbers", "1 2"), ("with a unit", "24h"), ("with NUL", "1\0")),
    *of("usePresignUrl", *WRONG_TYPES, ("a word", "maybe"), ("a number", 2), ("with NUL", "true\0")),
    *of("bucketAsDir", *WRONG_TYPES),
    *of("onMissing", *WRONG_TYPES, ("another word", "ignore"), ("a number", 1), ("a boolean", True)),
    *of("ownZips", *WRONG_TYPES, ("another word", "keep"), ("a number", 1), ("a boolean", True)),
    *of("names", *WRONG_TYPES, ("another word", "pretty"), ("a number", 1), ("a boolean", True)),
    *of("resultsEmail", ("no address", "nobody"), ("two addresses", "a@example.com, b@example.com"),
        ("with a line's end", "a@example.com\r\nBcc: b@example.com"),
        ("where the server sends no mail", "a@example.com"), *WRONG_TYPES),
    *of("fileMapper", ("longer than a key", "b" * 1100), *WRONG_TYPES),
    *of("maxFileSize", ("no size", "many"), ("an unknown unit", "10 XB"), ("nothing", "0"),
        ("negative", "-1"), ("over 2^63", 1e30), ("false", False), ("an object", {"a": "b"})),
    *of("maxFileCount", ("nothing", 0), ("a size", "10MB"), ("negative", -1), ("a fraction", 1.5),
        ("false", False),
        ("an object", {"a": "b"})),
    *[case for name in ("zipPassword", "password", "zip_password", "ZIPPASSWORD", "passphrase", "encrypt")
      for case in of(name, ("a text", "hunter2"))],
    *of("zipPassword", ("a number", 7), ("an object", {"a": "b"}), ("a list", ["a", "b"])),
    Case("zipPassword", "as a form", 400, "zipPassword", STARTS, content_type=FORM,
         body=lambda fields: form_with("zipPassword", b"hunter2")(fields)),
    Case("password", "in the query", 400, "password", tuple(f"{call}?password=a" for call in STARTS),
         body=b"{}"),
    *[Case(name, "AES256", 400, name, STARTS, change={}, headers={name: "AES256"})
      for name in ("x-amz-server-side-encryption",)],
    *[Case("x-amz-acl", what, 400, "x-amz-acl", STARTS[0:3:2], change={}, headers={"x-amz-acl": acl})
      for what, acl in (("another word", "everybody"), ("in capitals", "PRIVATE"),
                        ("two words", "private, public-read"))],
    *of("userKey", *NO_TEXT, *WRONG_TYPES, calls=TOKENS),
    *of("userSecret", *NO_TEXT, *WRONG_TYPES, calls=TOKENS),
]

WRONG_SECRETS = [
    Case(name, what, 401, "userKey or userSecret", TOKENS, change={name: value})
    for name in ("userKey", "userSecret")
    for what, value in (("wrong", "x" * 36), ("with NUL", "a\0b"), ("a number", 7),
                        ("of 60,000 bytes", "x" * 60_000))
]

ALL = TOKENS + STARTS


def form_with(name, raw):
    """A form whose field has these bytes; the others are right."""
    def body(fields):
        rest = {key: value for key, value in fields.items() if key != name}
        return urllib.parse.urlencode(rest, doseq=True).encode() + f"&{name}=".encode() + raw
    return body


def multipart_with(name, raw):
    def body(fields):
        parts = {key: str(value).encode() for key, value in fields.items()} | {name: raw}
        return b"".join(b'--line\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
                        % (key.encode(), value) for key, value in parts.items()) + b"--line--\r\n"
    return body


def deep(levels):
    return b'{"more": ' + b"[" * levels + b"]" * levels + b"}"


TEXT_FIELDS = ("awsKey", "awsSecret", "awsToken", "awsBucket", "awsRegion", "awsEndpoint", "filePaths",
               "zipTo", "zipFileName", "expireLink", "bucketAsDir", "usePresignUrl", "onMissing",
               "names")
# "zipTo and zipFileName" are named by a job, as they make its key; both calls read all others.

BODIES = [
    *[Case(name, "invalid UTF-8, as a form", 400, name, STARTS, body=form_with(name, b"%C3%28"),
           content_type=FORM) for name in TEXT_FIELDS],
    *[Case(name, "invalid UTF-8, as multipart", 400, name, STARTS, body=multipart_with(name, b"a\xFF"),
           content_type=LINE) for name in TEXT_FIELDS],
    *[Case(name, "given twice, as a form", 400, name, STARTS,
           body=lambda fields, name=name: form_with(name, b"a")(fields) + f"&{name}=b".encode(),
           content_type=FORM) for name in TEXT_FIELDS if name != "filePaths"],
    Case("a form", "'%' without hex digits", 400, "form", ALL, body=b"a=%zz", content_type=FORM),
    Case("a form", "'%' at its end", 400, "form", ALL, body=b"a=%4", content_type=FORM),
    Case("a form", f"{MAX_FORM_FIELDS + 1} fields", 413, "fields", STARTS,
         body=b"a&" * (MAX_FORM_FIELDS + 1), content_type=FORM),
    Case("a form", "empty", 400, "required", ALL, body=b"", content_type=FORM),
    Case("multipart", "no boundary in its type", 400, "boundary", ALL, body=b"--line--",
         content_type="multipart/form-data"),
    Case("multipart", "a boundary of 71 bytes", 400, "boundary", ALL, body=b"--line--",
         content_type="multipart/form-data; boundary=" + "x" * 71),
    Case("multipart", "another boundary in its body", 400, "boundary", ALL, body=b"--other--",
         content_type=LINE),
    Case("multipart", "cut before its last boundary", 400, "multipart", ALL,
         body=lambda fields: multipart_with("more", b"a")(fields)[:-12], content_type=LINE),
    Case("multipart", "cut in a part's head", 400, "multipart", ALL,
         body=b"--line\r\nContent-Disposition: form-", content_type=LINE),
    Case("multipart", "a part without a name", 400, "name", ALL,
         body=b"--line\r\nContent-Disposition: form-data\r\n\r\na\r\n--line--\r\n", content_type=LINE),
    Case("multipart", "empty", 400, "multipart", ALL, body=b"", content_type=LINE),
    *[Case("JSON", what, 400, "JSON", ALL, body=body) for what, body in (
        ("empty", b""), ("cut", b'{"a": "b'), ("a list", b"[]"), ("a text", b'"a"'), ("null", b"null"),
        ("with more behind it", b"{} {}"), ("NUL", b"\0"), ("invalid UTF-8", b'{"a": "\xFF"}'),
        ("UTF-16", '{"a": "b"}'.encode("utf-16")), ("a surrogate alone", b'{"a": "\\ud800"}'),
        ("a control character in a text", b'{"a": "\n"}'),
        (f"{MAX_JSON_DEPTH} lists deep", deep(MAX_JSON_DEPTH)), ("10,000 lists deep", deep(10_000)))],
    *[Case("Content-Type", what, 415, "Content-Type", ALL, body=b"{}", content_type=content_type)
      for what, content_type in (("absent", None), ("empty", ""), ("text/plain", "text/plain"),
                                 ("application/xml", "application/xml"), ("no type", "json"))],
    Case("the body", f"over {MAX_BODY_BYTES >> 20} MiB", 413, "bytes", STARTS,
         body=b" " * (MAX_BODY_BYTES + 1)),
    Case("the body", f"over {MAX_SMALL_BODY_BYTES >> 10} KiB", 413, "bytes", TOKENS + QUESTIONS,
         body=b" " * (MAX_SMALL_BODY_BYTES + 1)),
]

QUESTION_BODIES = [
    *[Case("taskUUID", what, 400, "task id", QUESTIONS, body=body) for what, body in (
        ("no body", b""), ("no JSON", b"{"), ("absent", b"{}"), ("a list without it", b"[]"),
        ("empty", b'{"taskUUID": ""}'), ("null", b'{"taskUUID": null}'),
        ("a number", b'{"taskUUID": 7}'), ("an empty list", b'{"taskUUID": []}'),
        ("an empty id", b'{"taskUUID": [{"streams3": ""}]}'),
        ("invalid UTF-8", b'{"taskUUID": "\xFF"}'), ("10,000 lists deep", deep(10_000)))],
    Case("taskUUID", "'%' without hex digits", 400, "form", QUESTIONS, body=b"taskUUID=%zz"),
    *[Case("taskUUID", what, 404, "no task", QUESTIONS,
           body=json.dumps({"taskUUID": [{"streams3": text}]}).encode()) for what, text in (
        ("unknown", "task_0c7e5b0e-52a5-4f0c-8a1d-0b6b3f1f2a3c"), ("no id", "x"),
        ("with NUL", "task_\0"), ("of 60,000 bytes", "x" * 60_000), ("a path", "../../etc/passwd"),
        ("SQL", "task_' OR '1'='1"))],
]

# (what, the header's value, the status): of a call that is right otherwise.
AUTHORIZATIONS = (
    ("absent", None, 401), ("empty", "", 401), ("another scheme", "Basic dTpw", 400),
    ("no scheme", "token", 400), ("no token", "Bearer", 400), ("no JWT", "Bearer token", 401),
    ("not ASCII", "Bearer tökén", 401), ("of 5,000 bytes", "Bearer " + "x" * 5000, 401),
    ("three empty parts", "Bearer ..", 401),
)
