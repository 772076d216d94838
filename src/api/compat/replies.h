// The answers of the compatible API, as JSON texts, and the task ids in them. Pure.
#pragma once

#include "archive/progress.h"
#include "store/records/job.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace api {

enum class TaskKind { job, stream, mail };

// "task_<uuid>" on /v1 and for mails, "zipper_s3_<uuid>" on /v2.
std::string task_id(TaskKind kind, int api_version, std::string_view uuid);
// The uuid in a task id of either version, or alone; nullopt for any other text.
std::optional<std::string> uuid_of(std::string_view task_id);

std::string token_reply(std::string_view token);
// Whether a reply names the task by its uuid alone as well, as the interface without accounts does.
enum class ZipId { left_out, added };
// `mail_uuid` is the id of the mail that follows; empty if none does.
std::string start_reply(TaskKind kind, int api_version, std::string_view uuid,
                        std::uint64_t source_bytes, std::string_view mail_uuid,
                        ZipId zip_id = ZipId::left_out);
std::string error_reply(std::string_view message);

// The state of a task, as zipstate tells it.
struct TaskState {
  TaskKind kind = TaskKind::job;
  int api_version = 1;
  std::string uuid;
  std::string zip_uuid;  // of the job or link: `uuid`, or for a mail the one that it tells of
  store::JobState state = store::JobState::queued;
  std::vector<std::string> results;  // of a task that succeeded: links, or that a mail was sent
  std::string error;
  base::UnixSeconds created_at = 0;
  archive::Progress progress = {};
  std::uint64_t missing_count = 0;        // paths that were skipped
  std::vector<std::string> missing = {};  // the first of them
  // The same for earlier zips of the same sources, and for objects that the rules do not take.
  std::uint64_t own_zip_count = 0;
  std::vector<std::string> own_zips = {};
  std::uint64_t excluded_count = 0;
  std::vector<std::string> excluded = {};
};
std::string state_reply(TaskState const& task, ZipId zip_id = ZipId::left_out);
std::string result_reply(TaskState const& task);

// The call whose body names tasks: zipstate, zipresult, or status, which knows zipID.
enum class Question { state, result, status };

// The task that a body asks about; it is a start reply or made by hand:
// {"taskUUID": [{"streams3": "task_…"}]}, or {"zipID": "…"}. It is the first non-empty id, whatever
// its key is called; for a result the last one of chainTaskUUID, as a chain is done when its last
// task is. JSON is read as such whatever `content_type` says; it tells the two kinds of form apart.
// Error{bad_input} if there is none.
std::string asked_task_id(std::string_view body, std::string_view content_type, Question question);

}  // namespace api
