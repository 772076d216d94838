"""zipstate and zipresult: how a task is named, what is told of it, and who may ask."""

import json
import threading
import unittest
import uuid

from api_client import Api, request
from service_case import GatedServiceTest, ServiceTest


def bare_id(task):
    [[text]] = [list(entry.values()) for entry in task["taskUUID"]]
    return text


class TaskNamesTest(ServiceTest):
    """What the body of zipstate and zipresult may be."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.put("a.txt", "a")

    def setUp(self):
        self.task = self.api.start("zipstart", self.fields("a.txt"))
        self.task_id = bare_id(self.task)
        self.api.result(self.task)

    def send(self, path, body, content_type="application/json"):
        headers = {"Content-Type": content_type, **self.api.bearer}
        return request("POST", self.server.url + path, headers, body.encode())

    def test_every_spelling_of_a_task(self):
        form = "application/x-www-form-urlencoded"
        spellings = (
            (json.dumps(self.task), "application/json"),
            (json.dumps(self.task), form),
            (json.dumps(self.task), "text/plain"),
            (json.dumps(self.task), "application/json; charset=utf-8"),
            (json.dumps({"taskUUID": [{"streams3v2": self.task_id}]}), "application/json"),
            (json.dumps({"taskUUID": [{"idurl": self.task_id}]}), "application/json"),
            (json.dumps({"taskUUID": [{"email": ""}, {"streams3": self.task_id}]}), "application/json"),
            (json.dumps({"chainTaskUUID": [{"streams3v2": self.task_id}, {"email": ""}]}),
             "application/json"),
            (json.dumps({"taskUUID": [], "chainTaskUUID": [{"x": self.task_id}]}), "application/json"),
        )
        for body, content_type in spellings:
            with self.subTest(body=body, content_type=content_type):
                for version in (1, 2):
                    state = self.send(f"/v{version}/zipstate", body, content_type)
                    self.assertEqual(state.status, 200, state.body)
                    self.assertEqual(state.json["TaskUUID"], self.task_id)
                    self.assertEqual(state.json["State"], "SUCCESS")
                    result = self.send(f"/v{version}/zipresult", body, content_type)
                    self.assertEqual(result.json["message"], "SUCCESS")

    def test_the_state_of_a_job_that_has_ended(self):
        state = self.api.state(self.task)
        [result] = state["Results"]
        self.assertEqual(result["Type"], "string")
        self.assertEqual(self.api.result(self.task)["results"], [result["Value"]])
        self.assertRegex(state["CreatedAt"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
        self.assertEqual(
            {name: state[name] for name in ("TaskUUID", "TaskName", "State", "Error", "TTL")},
            {"TaskUUID": self.task_id, "TaskName": "streams3v2", "State": "SUCCESS", "Error": "",
             "TTL": 0})
        self.assertEqual(state["Progress"],
                         {"FilesDone": 1, "FilesTotal": 1, "BytesDone": 1, "BytesTotal": 1})

    def test_the_state_of_a_job_that_failed(self):
        task = self.api.start("zipstart", self.fields("no-such-file"))
        error = self.fail_task(task)
        reply = self.api.call("/v2/zipstate", task)
        self.assertEqual(reply.status, 200)
        self.assertEqual(reply.json["State"], "FAILURE")
        self.assertEqual(reply.json["Error"], error)
        self.assertIsNone(reply.json["Results"])

    def test_a_streams_link_is_its_result_at_once(self):
        task = self.api.start("streamzip", self.fields("a.txt"))
        state = self.api.state(task)
        self.assertEqual(state["State"], "SUCCESS")
        self.assertEqual(self.api.result(task)["results"], [state["Results"][0]["Value"]])
        self.assertTrue(state["Results"][0]["Value"].startswith(self.server.url + "/"))

    def test_unknown_ids_are_not_found(self):
        for text in (f"task_{uuid.uuid4()}", f"zipper_s3_{uuid.uuid4()}", "task_1", "x",
                     self.task_id + "0", "../../etc/passwd"):
            for call in ("zipstate", "zipresult"):
                with self.subTest(text=text, call=call):
                    reply = self.api.call(f"/v2/{call}", {"taskUUID": [{"streams3": text}]})
                    self.assertEqual(reply.status, 404, reply.body)

    def test_a_body_without_an_id_is_bad(self):
        for body in ("", "{}", "[]", "{", '{"taskUUID": []}', '{"taskUUID": [{"email": ""}]}'):
            for call in ("zipstate", "zipresult"):
                with self.subTest(body=body, call=call):
                    self.assertEqual(self.send(f"/v1/{call}", body).status, 400)

    def test_someone_elses_task_is_not_found(self):
        stream = self.api.start("streamzip", self.fields("a.txt"))
        other = Api(self.server.url, self.server.create_account("other"))
        for task in (self.task, stream):
            for call in ("zipstate", "zipresult"):
                reply = other.call(f"/v2/{call}", task)
                self.assertEqual(reply.status, 404)
                self.assertEqual(reply.json, self.api.call(f"/v2/{call}", {
                    "taskUUID": [{"streams3": f"task_{uuid.uuid4()}"}]}).json)


class WaitingTest(GatedServiceTest):
    """While the store does not answer."""

    def test_zipresult_waits_until_the_job_ends(self):
        self.put("a.txt", "a")
        self.gate.shut()
        task = self.api.start("zipstart", self.fields("a.txt"))
        results = []
        waiters = [threading.Thread(target=lambda: results.append(self.api.result(task)))
                   for _ in range(3)]
        for waiter in waiters:
            waiter.start()
        state = self.api.state(task)
        self.assertIn(state["State"], ("PENDING", "RECEIVED", "STARTED"))
        self.assertIsNone(state["Results"])
        self.assertEqual(state["Error"], "")
        self.assertEqual(results, [])
        self.gate.open()
        for waiter in waiters:
            waiter.join(60)
        self.assertEqual([result["message"] for result in results], ["SUCCESS"] * 3)
        self.assertEqual(self.api.state(task)["State"], "SUCCESS")

    def test_a_start_call_does_not_wait_for_a_slow_store(self):
        """The gate is still shut when the reply is there: it cannot have waited."""
        self.put("a.txt", "a")
        for call in ("zipstart", "streamzip"):
            self.gate.shut()
            task = self.api.start(call, self.fields("a.txt"))
            self.assertEqual(task["size"], "0 B")
            self.gate.open()
            self.download(self.succeed(task))


if __name__ == "__main__":
    unittest.main()
