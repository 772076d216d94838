#include "api/state_names.h"

namespace api {

using store::JobState;

std::string_view task_name(JobState state) {
  switch (state) {
    case JobState::queued:
      return "PENDING";
    case JobState::running:
      return "STARTED";
    case JobState::waiting:
      return "RETRY";
    case JobState::done:
      return "SUCCESS";
    case JobState::failed:
    case JobState::cancelled:
      break;
  }
  return "FAILURE";
}

std::string_view native_name(JobState state) {
  switch (state) {
    case JobState::queued:
      return "pending";
    case JobState::running:
      return "running";
    case JobState::waiting:
      return "retrying";
    case JobState::done:
      return "succeeded";
    case JobState::cancelled:
      return "cancelled";
    case JobState::failed:
      break;
  }
  return "failed";
}

}  // namespace api
