#include "api/zips/reply.h"

#include "api/links/link.h"
#include "api/progress.h"
#include "api/state_names.h"
#include "base/clock.h"
#include "base/text.h"
#include "jobs/result.h"

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

// Adds "leftOut" if objects were left out.
void add_left_out(json::object& reply, store::PlanFacts const& plan) {
  if (plan.own_zip_count == 0 && plan.excluded == 0) return;
  reply["leftOut"] = json::object{
      {"ownZips", json::object{{"count", plan.own_zip_count}, {"paths", texts(plan.own_zips)}}},
      {"excluded", json::object{{"count", plan.excluded}, {"paths", texts(plan.excluded_told)}}}};
}

json::object as_json(archive::Progress const& progress) {
  return {{"entriesDone", progress.entries_done},
          {"entriesTotal", progress.entries_total},
          {"bytesDone", progress.bytes_done},
          {"bytesTotal", progress.bytes_total}};
}

json::value last_failure(store::Link const& link) {
  if (!link.last_failure) return nullptr;
  return json::object{{"at", base::rfc3339(link.last_failure->at)},
                      {"requestId", base::to_utf8(link.last_failure->request_id)},
                      {"error", base::to_utf8(link.last_failure->error)}};
}

json::object downloads(store::Downloads const& downloads) {
  return {{"count", downloads.count},
          {"bytes", downloads.bytes},
          {"lastAt", time_or_null(downloads.last_at)}};
}

std::string_view state_of(store::Link const& link) {
  if (link.revoked) return "revoked";
  if (link.expires_at <= base::unix_now()) return "expired";
  switch (link.state) {
    case store::LinkState::listing:
      return "listing";
    case store::LinkState::ready:
      return "ready";
    case store::LinkState::failed:
      break;
  }
  return "failed";
}

}  // namespace

json::value text_or_null(std::string const& text) {
  return text.empty() ? json::value(nullptr) : json::value(base::to_utf8(text));
}

json::object zip_reply(Service const& service, store::Job const& job) {
  std::vector<std::string> links;
  bool const expired = store::has_expired(job, base::unix_now());
  if (job.state == store::JobState::done && !expired) links = jobs::open_result(service.keys, job);
  json::object reply{{"id", job.id},
                     {"state", native_name(job.state)},
                     {"createdAt", base::rfc3339(job.created_at)},
                     {"startedAt", time_or_null(job.started_at)},
                     {"endedAt", time_or_null(job.ended_at)},
                     {"error", text_or_null(has_ended(job.state) ? job.error : "")},
                     {"target", json::object{{"bucket", job.target_bucket},
                                             {"key", base::to_utf8(job.target_key)}}},
                     {"progress", as_json(progress_of(service, job))},
                     {"archives", archives(job.plan)},
                     {"links", texts(links)},
                     {"missing", missing(job.plan)},
                     {"expiresAt", time_or_null(job.expiry.expires_at)},
                     {"deletedAt", time_or_null(job.expiry.deleted ? job.expiry.ended_at : 0)},
                     {"deletionNote", text_or_null(job.expiry.note)},
                     // true while the rest of a failed or cancelled job is removed from the bucket.
                     {"cleaning", job.cleaning}};
  add_left_out(reply, job.plan);
  return reply;
}

json::object link_reply(Service const& service, store::Link const& link,
                        std::string const& link_base) {
  std::string_view const state = state_of(link);
  std::vector<std::string> links;
  if (state == "listing" || state == "ready") links = link_urls(service.keys, link_base, link);
  json::object reply{{"id", link.id},
                     {"state", state},
                     {"createdAt", base::rfc3339(link.created_at)},
                     {"expiresAt", base::rfc3339(link.expires_at)},
                     {"error", text_or_null(link.error)},
                     {"lastFailure", last_failure(link)},
                     {"downloads", downloads(link.downloads)},
                     {"fileName", base::to_utf8(link.file_name)},
                     {"archives", archives(link.plan)},
                     {"links", texts(links)},
                     {"missing", missing(link.plan)}};
  add_left_out(reply, link.plan);
  return reply;
}

}  // namespace api
