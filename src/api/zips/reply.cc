#include "api/zips/reply.h"

#include "api/links/link.h"
#include "base/clock.h"
#include "base/text.h"

#include <boost/json.hpp>

namespace api {

namespace json = boost::json;

namespace {

json::value time_or_null(base::UnixSeconds time) {
  return time == 0 ? json::value(nullptr) : json::value(base::rfc3339(time));
}

json::array texts(std::vector<std::string> const& list) {
  json::array array;
  for (std::string const& text : list) array.emplace_back(base::to_utf8(text));
  return array;
}

json::array archives(store::PlanFacts const& plan) {
  json::array list;
  for (store::ArchiveFacts const& archive : plan.archives) {
    list.push_back(
        json::object{{"entries", archive.entry_count}, {"bytes", archive.archive_bytes}});
  }
  return list;
}

json::object missing(store::PlanFacts const& plan) {
  return {{"count", plan.missing_count}, {"paths", texts(plan.missing)}};
}

// There where something was left out.
void add_left_out(json::object& reply, store::PlanFacts const& plan) {
  if (plan.own_zip_count == 0 && plan.excluded == 0) return;
  reply["leftOut"] = json::object{
      {"ownZips", json::object{{"count", plan.own_zip_count}, {"paths", texts(plan.own_zips)}}},
      {"excluded", json::object{{"count", plan.excluded}, {"paths", texts(plan.excluded_told)}}}};
}

json::object progress(Service const& service, store::Job const& job) {
  json::object out{{"entriesDone", job.progress.entries_done},
                   {"entriesTotal", job.plan.entry_count()},
                   {"bytesDone", job.progress.bytes_done},
                   {"bytesTotal", job.plan.source_bytes()}};
  auto const live = service.context.board.find(job.id);
  // Of one that does not run, whoever watches has opened an entry that says nothing.
  if (!live || job.state != store::JobState::started) return out;
  out["entriesDone"] = live->progress.entries_done.load();
  out["entriesTotal"] = live->progress.entries_total.load();
  out["bytesDone"] = live->progress.bytes_done.load();
  out["bytesTotal"] = live->progress.bytes_total.load();
  return out;
}

json::value last_failure(store::Stream const& stream) {
  if (!stream.last_failure) return nullptr;
  return json::object{{"at", base::rfc3339(stream.last_failure->at)},
                      {"requestId", base::to_utf8(stream.last_failure->request_id)},
                      {"error", base::to_utf8(stream.last_failure->error)}};
}

std::string_view state_of(store::Stream const& stream) {
  if (stream.revoked) return "revoked";
  if (stream.expires_at <= base::unix_now()) return "expired";
  switch (stream.state) {
    case store::StreamState::listing:
      return "listing";
    case store::StreamState::ready:
      return "ready";
    case store::StreamState::failed:
      break;
  }
  return "failed";
}

}  // namespace

json::value text_or_null(std::string const& text) {
  return text.empty() ? json::value(nullptr) : json::value(base::to_utf8(text));
}

std::string_view native_name(store::JobState state) {
  switch (state) {
    case store::JobState::pending:
      return "pending";
    case store::JobState::started:
      return "running";
    case store::JobState::retry:
      return "retrying";
    case store::JobState::success:
      return "succeeded";
    case store::JobState::cancelled:
      return "cancelled";
    case store::JobState::failure:
      break;
  }
  return "failed";
}

json::object zip_reply(Service const& service, store::Job const& job) {
  std::vector<std::string> links;
  bool const expired = store::has_expired(job, base::unix_now());
  if (job.state == store::JobState::success && !expired)
    links = jobs::open_result(service.context.keys, job);
  json::object reply{{"id", job.id},
                     {"state", native_name(job.state)},
                     {"createdAt", base::rfc3339(job.created_at)},
                     {"startedAt", time_or_null(job.started_at)},
                     {"endedAt", time_or_null(job.ended_at)},
                     {"error", text_or_null(job.error)},
                     {"target", json::object{{"bucket", job.target_bucket},
                                             {"key", base::to_utf8(job.target_key)}}},
                     {"progress", progress(service, job)},
                     {"archives", archives(job.plan)},
                     {"links", texts(links)},
                     {"missing", missing(job.plan)},
                     {"expiresAt", time_or_null(job.expiry.expires_at)},
                     {"deletedAt", time_or_null(job.expiry.deleted ? job.expiry.ended_at : 0)},
                     {"deletionNote", text_or_null(job.expiry.note)},
                     // What a failed or cancelled job left in the bucket.
                     {"cleaning", job.cleaning}};
  add_left_out(reply, job.plan);
  return reply;
}

json::object stream_reply(Service const& service, store::Stream const& stream,
                          std::string const& link_base) {
  std::string_view const state = state_of(stream);
  std::vector<std::string> links;
  if (state == "listing" || state == "ready")
    links = link_urls(service.context.keys, link_base, stream);
  json::object reply{{"id", stream.id},
                     {"state", state},
                     {"createdAt", base::rfc3339(stream.created_at)},
                     {"expiresAt", base::rfc3339(stream.expires_at)},
                     {"error", text_or_null(stream.error)},
                     {"lastFailure", last_failure(stream)},
                     {"fileName", base::to_utf8(stream.file_name)},
                     {"archives", archives(stream.plan)},
                     {"links", texts(links)},
                     {"missing", missing(stream.plan)}};
  add_left_out(reply, stream.plan);
  return reply;
}

}  // namespace api
