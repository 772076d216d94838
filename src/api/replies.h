// The answers of the compatible API, as JSON texts, and the task ids in them. Pure.
#pragma once

#include "jobs/job.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace api {

enum class TaskKind { job, stream };

// "task_<uuid>" on /v1, "zipper_s3_<uuid>" on /v2.
std::string task_id(int api_version, std::string_view uuid);
// The uuid in a task id of either version, or alone; nullopt for any other text.
std::optional<std::string> uuid_of(std::string_view task_id);

std::string token_reply(std::string_view token);
std::string start_reply(TaskKind kind, int api_version, std::string_view uuid,
                        std::uint64_t source_bytes);
std::string error_reply(std::string_view message);

// What zipstate tells of a task.
struct TaskState {
  TaskKind kind = TaskKind::job;
  int api_version = 1;
  std::string uuid;
  jobs::JobState state = jobs::JobState::pending;
  std::vector<std::string> urls;  // of a task that succeeded
  std::string error;
  base::UnixSeconds created_at = 0;
  std::uint64_t entries_total = 0;
  std::uint64_t entries_done = 0;
  std::uint64_t bytes_total = 0;
  std::uint64_t bytes_done = 0;
  std::uint64_t missing_count = 0;        // paths that were skipped
  std::vector<std::string> missing = {};  // the first of them
};
std::string state_reply(TaskState const& task);
std::string result_reply(TaskState const& task);

// The first non-empty task id of a zipstate or zipresult body, which is a start reply or made by
// hand: {"taskUUID": [{"streams3": "task_…"}]}. Error{bad_input} where there is none.
std::string first_task_id(std::string_view body);

}  // namespace api
