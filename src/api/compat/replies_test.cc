// The answers of the compatible API, byte for byte, and the task ids that come back in requests.
#include "api/compat/replies.h"

#include "api/links/answer.h"
#include "api/links/link.h"
#include "base/error.h"

#include <gtest/gtest.h>

namespace api {
namespace {

using base::Error;
using base::Fault;

constexpr std::string_view uuid = "0c7e5b0e-52a5-4f0c-8a1d-0b6b3f1f2a3c";

TEST(Replies, tokens) {
  EXPECT_EQ(token_reply("a.b.c"), R"({"token":"a.b.c"})");
}

TEST(Replies, start_replies_of_both_versions) {
  std::string const id(uuid);
  EXPECT_EQ(
      start_reply(TaskKind::job, 1, uuid, 9'123, ""),
      R"({"message":"STARTED","taskUUID":[{"streams3":"task_)" + id + R"("}],"size":"9.1 kB"})");
  EXPECT_EQ(start_reply(TaskKind::job, 2, uuid, 29, ""),
            R"({"message":"STARTED","taskUUID":[{"streams3v2":"zipper_s3_)" + id +
                R"("}],"size":"29 B"})");
  EXPECT_EQ(start_reply(TaskKind::stream, 1, uuid, 0, ""),
            R"({"message":"STARTED","taskUUID":[{"idurl":"task_)" + id + R"("}],"size":"0 B"})");
  EXPECT_EQ(
      start_reply(TaskKind::stream, 2, uuid, 0, ""),
      R"({"message":"STARTED","taskUUID":[{"idurl":"zipper_s3_)" + id + R"("}],"size":"0 B"})");
}

TEST(Replies, a_start_reply_with_a_mail_is_a_chain) {
  std::string const id(uuid);
  std::string mail(uuid);
  mail.front() = 'f';
  EXPECT_EQ(start_reply(TaskKind::job, 2, uuid, 29, mail),
            R"({"message":"STARTED","chainTaskUUID":[{"streams3v2":"zipper_s3_)" + id +
                R"("},{"email":"task_)" + mail + R"("}],"size":"29 B"})");
}

TEST(Replies, errors_are_utf8_whatever_they_name) {
  EXPECT_EQ(error_reply("awsKey \"\n\" is required"), R"({"message":"awsKey \"\n\" is required"})");
  EXPECT_EQ(error_reply("a\xFF"), "{\"message\":\"a\xEF\xBF\xBD\"}");
}

TaskState sample_state(store::JobState state) {
  return {
      .kind = TaskKind::job,
      .api_version = 2,
      .uuid = std::string(uuid),
      .zip_uuid = std::string(uuid),
      .state = state,
      .results = {"https://s3/out.zip?a=b&c=d"},
      .error = "",
      .created_at = 1'700'000'000,
      .progress = {.entries_done = 3, .entries_total = 4, .bytes_done = 100, .bytes_total = 200},
      .missing_count = 101,
      .missing = {"no/such"}};
}

TEST(Replies, a_task_tells_of_what_was_left_out) {
  TaskState task = sample_state(store::JobState::running);
  task.own_zip_count = 1;
  task.own_zips = {"photos/old.zip"};
  task.excluded_count = 2;
  task.excluded = {"photos/a.tmp"};
  std::string const reply = state_reply(task);
  EXPECT_TRUE(reply.ends_with(
      R"("OwnZipsCount":1,"OwnZips":["photos/old.zip"],"ExcludedCount":2,"Excluded":["photos/a.tmp"]})"))
      << reply;
}

TEST(Replies, task_states) {
  std::string const head =
      R"({"TaskUUID":"zipper_s3_)" + std::string(uuid) + R"(","TaskName":"streams3v2","State":")";
  std::string const tail =
      R"("CreatedAt":"2023-11-14T22:13:20Z","TTL":0,"Progress":{"FilesDone":3,"FilesTotal":4,)"
      R"("BytesDone":100,"BytesTotal":200},"MissingCount":101,"Missing":["no/such"]})";
  EXPECT_EQ(state_reply(sample_state(store::JobState::running)),
            head + R"(STARTED","Results":null,"Error":"",)" + tail);
  EXPECT_EQ(state_reply(sample_state(store::JobState::done)),
            head +
                R"(SUCCESS","Results":[{"Type":"string","Value":"https://s3/out.zip?a=b&c=d"}],)"
                R"("Error":"",)" +
                tail);
  TaskState failed = sample_state(store::JobState::failed);
  failed.error = "it broke";
  EXPECT_EQ(state_reply(failed), head + R"(FAILURE","Results":null,"Error":"it broke",)" + tail);
}

TEST(Replies, results) {
  EXPECT_EQ(result_reply(sample_state(store::JobState::done)),
            R"({"message":"SUCCESS","results":["https://s3/out.zip?a=b&c=d"]})");
  TaskState failed = sample_state(store::JobState::failed);
  failed.error = "it broke";
  EXPECT_EQ(result_reply(failed), R"({"message":"FAILURE","error":"it broke","results":[]})");
}

TEST(TaskId, goes_out_and_comes_back) {
  EXPECT_EQ(task_id(TaskKind::job, 1, uuid), "task_" + std::string(uuid));
  EXPECT_EQ(task_id(TaskKind::stream, 2, uuid), "zipper_s3_" + std::string(uuid));
  EXPECT_EQ(task_id(TaskKind::mail, 2, uuid), "task_" + std::string(uuid));
  for (int const version : {1, 2}) EXPECT_EQ(uuid_of(task_id(TaskKind::job, version, uuid)), uuid);
  EXPECT_EQ(uuid_of(uuid), uuid);
  std::string const id(uuid);
  for (std::string const& other :
       {std::string(), std::string("task_"), "task_" + id.substr(1), "job_" + id, id + "0",
        "task_" + id + "'", std::string(36, '0'), "task_" + std::string(36, 'g')})
    EXPECT_EQ(uuid_of(other), std::nullopt) << other;
}

TEST(AskedTaskId, is_found_in_whatever_clients_send) {
  struct Case {
    char const* body;
    char const* id;
  };
  for (Case const& one : {
           Case{R"({"message":"STARTED","taskUUID":[{"streams3":"task_1"}],"size":"1 B"})",
                "task_1"},
           Case{R"({"chainTaskUUID":[{"streams3":"task_1"},{"email":""}]})", "task_1"},
           Case{R"({"taskUUID":[{"streams3":"task_1"},{"email":"task_2"}]})", "task_1"},
           Case{R"({"taskUUID":[{"email":""},{"idurl":"zipper_s3_2"}]})", "zipper_s3_2"},
           Case{R"({"taskUUID":[{"email":"","any":"task_3"}]})", "task_3"},
           Case{R"({"taskUUID":[],"chainTaskUUID":[{"a":"task_4"}]})", "task_4"},
           Case{R"({"TASKUUID":[{"a":"task_5"}]})", "task_5"},
           Case{R"({"taskUUID":["task_6"]})", "task_6"},
           Case{R"({"taskUUID":"task_7"})", "task_7"},
           Case{R"({"taskUUID":{"streams3":"task_8"}})", "task_8"},
           Case{"  {\"taskUUID\": [{\"a\": \"task_9\"}]}\n", "task_9"},
           Case{"taskUUID=%5B%7B%22streams3%22%3A%22task_10%22%7D%5D", "task_10"},
           Case{"other=1&taskUUID=task_11", "task_11"},
       })
    for (Question const question : {Question::state, Question::result, Question::status})
      EXPECT_EQ(asked_task_id(one.body, "", question), one.id) << one.body;
}

TEST(AskedTaskId, of_a_chain_is_the_zips_for_its_state_and_the_mails_for_its_result) {
  for (char const* body :
       {R"({"message":"STARTED","chainTaskUUID":[{"streams3":"task_1"},{"email":"task_2"}]})",
        R"({"chaintaskuuid":[{"idurl":"task_1"},{"email":"task_2"}],"zipID":"task_1"})",
        R"({"chainTaskUUID":["task_1","task_2"]})",
        R"(chainTaskUUID=[{"streams3":"task_1"},{"email":"task_2"}])"}) {
    EXPECT_EQ(asked_task_id(body, "", Question::state), "task_1") << body;
    EXPECT_EQ(asked_task_id(body, "", Question::status), "task_1") << body;
    EXPECT_EQ(asked_task_id(body, "", Question::result), "task_2") << body;
  }
  char const* const mail_alone = R"({"chainTaskUUID":[{"email":"task_2"}]})";
  EXPECT_EQ(asked_task_id(mail_alone, "", Question::state), "task_2");
}

TEST(AskedTaskId, a_body_without_one_is_bad_input_that_says_what_to_send) {
  for (char const* body :
       {"", "{}", "[]", "null", R"({"taskUUID":[]})", R"({"taskUUID":[{"a":""}]})",
        R"({"taskUUID":5})", R"({"other":"task_1"})", "other=1", "{",
        R"({"taskUUID":[{"a":5},{}]})"}) {
    try {
      asked_task_id(body, "", Question::state);
      ADD_FAILURE() << body;
    } catch (Error const& error) {
      EXPECT_EQ(error.fault(), Fault::bad_input);
      EXPECT_NE(std::string(error.what()).find("taskUUID"), std::string::npos) << error.what();
    }
  }
}

TEST(AskedTaskId, comes_in_multipart_too) {
  char const* const type = "multipart/form-data; boundary=line";
  std::string const body =
      "--line\r\nContent-Disposition: form-data; name=\"zipID\"\r\n\r\ntask_1\r\n--line--\r\n";
  EXPECT_EQ(asked_task_id(body, type, Question::status), "task_1");
  EXPECT_EQ(asked_task_id(R"({"zipID":"task_2"})", type, Question::status), "task_2");
}

TEST(AskedTaskId, status_asks_for_a_zip_id) {
  try {
    asked_task_id("{}", "", Question::status);
    ADD_FAILURE();
  } catch (Error const& error) {
    EXPECT_NE(std::string(error.what()).find("zipID"), std::string::npos) << error.what();
  }
}

TEST(ContentDisposition, carries_both_forms_of_the_name) {
  struct Case {
    char const* name;
    char const* ascii;
    char const* encoded;
  };
  for (Case const& one :
       {Case{"all.zip", "all.zip", "all.zip"}, Case{"my file.zip", "my file.zip", "my%20file.zip"},
        Case{"\xC3\xA4.zip", "__.zip", "%C3%A4.zip"},
        Case{"a\"b\\c%d.zip", "a_b_c_d.zip", "a%22b%5Cc%25d.zip"},
        Case{"a\r\nSet-Cookie: x", "a__Set-Cookie: x", "a%0D%0ASet-Cookie%3A%20x"},
        Case{"it's;(1)*.zip", "it's;(1)*.zip", "it%27s%3B%281%29%2A.zip"}})
    EXPECT_EQ(content_disposition(one.name), "attachment; filename=\"" + std::string(one.ascii) +
                                                 "\"; filename*=UTF-8''" + one.encoded);
}

TEST(Replies, zip_ids_are_added_where_they_are_wanted) {
  std::string const id(uuid);
  std::string const line = "\"zipID\":\"" + id + "\"";
  EXPECT_NE(start_reply(TaskKind::job, 2, uuid, 1, "", ZipId::added).find(line), std::string::npos);
  EXPECT_EQ(start_reply(TaskKind::job, 2, uuid, 1, "").find("zipID"), std::string::npos);
  TaskState task;
  task.uuid = "0a0a0a0a-0000-4000-8000-00000000000a";  // of a mail, which is no zip
  task.zip_uuid = uuid;
  EXPECT_NE(state_reply(task, ZipId::added).find(line), std::string::npos);
  EXPECT_EQ(state_reply(task).find("zipID"), std::string::npos);
  EXPECT_EQ(asked_task_id("{\"zipID\": \"" + id + "\"}", "", Question::status), uuid);
  EXPECT_EQ(asked_task_id("zipID=" + id, "", Question::status), uuid);
}

}  // namespace
}  // namespace api
