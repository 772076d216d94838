"""What people are told where there is no zip for them: general words, and the request's id."""

import urllib.parse

COMMON = ("s3://", "AccessDenied", "NoSuch", "127.0.0.1", "http://", "https://")


def check_page(test, reply, status, *untold):
    """A short page, without the texts that are not for people's eyes."""
    text = reply.body.decode()
    test.assertEqual(reply.status, status, text)
    test.assertEqual(reply.headers["Content-Type"], "text/html; charset=utf-8")
    test.assertTrue(text.startswith("<!doctype html>"), text)
    _check(test, reply, text, untold)


def check_words(test, reply, status, *untold):
    """The same for programs."""
    test.assertEqual((reply.status, reply.headers["Content-Type"]), (status, "application/json"))
    test.assertEqual(sorted(reply.json), ["message", "requestId"])
    test.assertEqual(reply.json["requestId"], reply.headers["X-Request-Id"])
    _check(test, reply, reply.body.decode(), untold)


def check_sent_on(test, reply, url, status):
    """To the account's error URL, of which nothing but this is told."""
    separator = "&" if "?" in url else "?"
    request_id = urllib.parse.quote(reply.headers["X-Request-Id"], safe="")
    test.assertEqual((reply.status, reply.headers["Location"]),
                     (303, f"{url}{separator}status={status}&requestId={request_id}"), reply.body)
    test.assertEqual((reply.headers["Cache-Control"], reply.body), ("no-store", b""))
    test.assertIsNone(reply.headers["Retry-After"])


def _check(test, reply, text, untold):
    test.assertIn(reply.headers["X-Request-Id"], text)
    test.assertIsNone(reply.headers["Content-Disposition"])
    for part in (*COMMON, *untold):
        test.assertNotIn(part, text)
