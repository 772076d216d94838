#include "api/compat/replies.h"

#include "api/state_names.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "http/forms.h"

#include <algorithm>

#include <boost/json.hpp>

namespace api {

namespace json = boost::json;

namespace {

std::string_view list_key(TaskKind kind, int api_version) {
  if (kind == TaskKind::mail) return "email";
  if (kind == TaskKind::stream) return "idurl";
  return api_version == 2 ? "streams3v2" : "streams3";
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool const dash = i == 8 || i == 13 || i == 18 || i == 23;
    bool const hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    if (dash ? text[i] != '-' : !hex) return false;
  }
  return true;
}

bool is_chain(std::string_view name) {
  return base::equals_ignoring_case(name, "chainTaskUUID");
}

bool is_task_list(std::string_view name) {
  return base::equals_ignoring_case(name, "taskUUID") ||
         base::equals_ignoring_case(name, "zipID") || is_chain(name);
}

// The non-empty texts in a list of one-key objects, a list of texts, or a text alone.
void add_texts(json::value const& value, std::vector<std::string>& texts) {
  if (value.is_string() && !value.get_string().empty()) texts.emplace_back(value.get_string());
  if (value.is_array()) {
    for (json::value const& item : value.get_array()) add_texts(item, texts);
  }
  if (value.is_object()) {
    for (auto const& member : value.get_object()) add_texts(member.value(), texts);
  }
}

std::optional<std::string> asked_id(std::string_view list, json::value const& value,
                                    Question question) {
  std::vector<std::string> ids;
  add_texts(value, ids);
  if (ids.empty()) return std::nullopt;
  return is_chain(list) && question == Question::result ? ids.back() : ids.front();
}

std::optional<std::string> asked_id_of(json::value const& body, Question question) {
  if (!body.is_object()) return std::nullopt;
  for (auto const& member : body.get_object()) {
    if (!is_task_list(member.key())) continue;
    if (auto id = asked_id(member.key(), member.value(), question)) return id;
  }
  return std::nullopt;
}

// The id in a form that was made by hand: taskUUID=[{"streams3":"task_…"}] or taskUUID=task_…
std::optional<std::string> asked_id_of_form(std::vector<http::Field> const& fields,
                                            Question question) {
  for (http::Field const& field : fields) {
    std::string_view const name = std::string_view(field.name).substr(0, field.name.find('['));
    if (!is_task_list(name) || field.value.empty()) continue;
    auto const parsed = base::try_parse_json(field.value);
    return parsed ? asked_id(name, *parsed, question) : field.value;
  }
  return std::nullopt;
}

std::string_view wanted_by(Question question) {
  if (question == Question::status)
    return "the body must hold the zipID that the start reply told, {\"zipID\": \"…\"}";
  return "the body must hold a task id: send back what zipstart or streamzip answered, "
         "{\"taskUUID\": [{\"streams3\": \"task_…\"}]}";
}

json::array to_json(std::vector<std::string> const& texts) {
  json::array list;
  for (std::string const& text : texts) list.emplace_back(base::to_utf8(text));
  return list;
}

}  // namespace

std::string task_id(TaskKind kind, int api_version, std::string_view uuid) {
  bool const second = api_version == 2 && kind != TaskKind::mail;
  return std::string(second ? "zipper_s3_" : "task_").append(uuid);
}

std::optional<std::string> uuid_of(std::string_view task_id) {
  for (std::string_view const prefix : {"task_", "zipper_s3_"}) {
    if (task_id.starts_with(prefix)) task_id.remove_prefix(prefix.size());
  }
  if (!is_uuid(task_id)) return std::nullopt;
  return std::string(task_id);
}

std::string token_reply(std::string_view token) {
  return json::serialize(json::object{{"token", token}});
}

std::string start_reply(TaskKind kind, int api_version, std::string_view uuid,
                        std::uint64_t source_bytes, std::string_view mail_uuid, ZipId zip_id) {
  auto const task = [&](TaskKind of, std::string_view its_uuid) {
    return json::object{{list_key(of, api_version), task_id(of, api_version, its_uuid)}};
  };
  json::array tasks{task(kind, uuid)};
  if (!mail_uuid.empty()) tasks.push_back(task(TaskKind::mail, mail_uuid));
  json::object reply{{"message", "STARTED"},
                     {mail_uuid.empty() ? "taskUUID" : "chainTaskUUID", std::move(tasks)},
                     {"size", base::human_size(source_bytes)}};
  if (zip_id == ZipId::added) reply["zipID"] = uuid;
  return json::serialize(reply);
}

std::string error_reply(std::string_view message) {
  return json::serialize(json::object{{"message", base::to_utf8(message)}});
}

namespace {

// Adds the counts of objects that were left out, if there are any.
void add_left_out(json::object& reply, TaskState const& task) {
  if (task.own_zip_count > 0) {
    reply["OwnZipsCount"] = task.own_zip_count;
    reply["OwnZips"] = to_json(task.own_zips);
  }
  if (task.excluded_count > 0) {
    reply["ExcludedCount"] = task.excluded_count;
    reply["Excluded"] = to_json(task.excluded);
  }
}

}  // namespace

std::string state_reply(TaskState const& task, ZipId zip_id) {
  json::value results = nullptr;
  if (task.state == store::JobState::done) {
    json::array list;
    for (std::string const& result : task.results)
      list.emplace_back(json::object{{"Type", "string"}, {"Value", base::to_utf8(result)}});
    results = std::move(list);
  }
  json::object reply(
      json::object{{"TaskUUID", task_id(task.kind, task.api_version, task.uuid)},
                   {"TaskName", list_key(task.kind, task.api_version)},
                   {"State", task_name(task.state)},
                   {"Results", std::move(results)},
                   {"Error", base::to_utf8(task.error)},
                   {"CreatedAt", base::rfc3339(task.created_at)},
                   {"TTL", 0},
                   {"Progress", json::object{{"FilesDone", task.progress.entries_done},
                                             {"FilesTotal", task.progress.entries_total},
                                             {"BytesDone", task.progress.bytes_done},
                                             {"BytesTotal", task.progress.bytes_total}}},
                   {"MissingCount", task.missing_count},
                   {"Missing", to_json(task.missing)}});
  add_left_out(reply, task);
  if (zip_id == ZipId::added) reply["zipID"] = task.zip_uuid;
  return json::serialize(reply);
}

std::string result_reply(TaskState const& task) {
  if (task.state == store::JobState::done) {
    return json::serialize(
        json::object{{"message", "SUCCESS"}, {"results", to_json(task.results)}});
  }
  return json::serialize(json::object{
      {"message", "FAILURE"}, {"error", base::to_utf8(task.error)}, {"results", json::array{}}});
}

std::string asked_task_id(std::string_view body, std::string_view content_type, Question question) {
  std::optional<std::string> id;
  if (auto const parsed = base::try_parse_json(body)) {
    id = asked_id_of(*parsed, question);
  } else if (http::media_type(content_type) == "multipart/form-data") {
    id = asked_id_of_form(http::parse_multipart(content_type, body), question);
  } else {
    id = asked_id_of_form(http::parse_urlencoded(body), question);
  }
  if (id) return *id;
  throw base::Error(base::Fault::bad_input, std::string(wanted_by(question)));
}

}  // namespace api
