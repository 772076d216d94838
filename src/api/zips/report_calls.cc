#include "api/zips/report_calls.h"

#include "api/zips/zips.h"
#include "base/error.h"
#include "http/router.h"
#include "store/report.h"

#include <fmt/format.h>

namespace api {

using archive::ReportFormat;
using base::Error;
using base::Fault;

namespace {

ReportFormat asked_format(http::Request const& request) {
  std::string_view const query = request.query();
  if (query.empty() || query == "format=csv") return ReportFormat::csv;
  if (query == "format=jsonLines") return ReportFormat::json_lines;
  throw Error(Fault::bad_input, "only ?format=csv and ?format=jsonLines are known here");
}

void check_listed(store::PlanFacts const& plan, std::string const& error) {
  if (plan.frozen) return;
  if (error.empty())
    throw Error(Fault::conflict, "its files are still being listed; ask again in a moment");
  throw Error(Fault::conflict, "it failed before its files were listed: " + error);
}

std::string endpoint_url(Service const& service, std::string const& request) {
  archive::Request const asked = archive::decode_request(request);
  return aws::to_url(service.object_stores.endpoint_of(asked.endpoint, asked.region));
}

net::task<void> send_report(Service const& service, http::Exchange& exchange,
                            store::Reported reported) {
  ReportFormat const format = asked_format(exchange.request());
  std::string const file_name =
      fmt::format("attachment; filename=\"{}\"", archive::report_name(format));
  store::ReportText report(service.store, service.blocking, std::move(reported), format);
  // An error of the first piece is still an answer.
  std::string text = co_await report.next();
  http::Response head;
  head.headers.add("Content-Type", std::string(archive::report_content_type(format)));
  head.headers.add("Content-Disposition", file_name);
  head.headers.add("Cache-Control", "no-store");
  co_await exchange.start(std::move(head));
  while (!text.empty()) {
    std::string_view const piece[] = {text};
    co_await exchange.write(piece);
    text = co_await report.next();
  }
  co_await exchange.finish();
}

}  // namespace

net::task<void> zip_report(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  std::string id = http::path_parameter(exchange, "id");
  store::Job const job = co_await find_own_whole_job(service, account, std::move(id));
  check_listed(job.plan, store::has_ended(job.state) ? job.error : "");
  bool const done = job.state == store::JobState::done;
  store::Reported reported{.owner_id = job.id,
                           .plan = job.plan,
                           .endpoint_url = endpoint_url(service, job.request),
                           .archives_done = done ? job.plan.archives.size() : job.upload.archive};
  co_await send_report(service, exchange, std::move(reported));
}

net::task<void> link_report(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  std::string id = http::path_parameter(exchange, "id");
  store::Link const link = co_await find_own_link(service, account, std::move(id));
  check_listed(link.plan, link.error);
  store::Reported reported{.owner_id = link.id,
                           .plan = link.plan,
                           .endpoint_url = endpoint_url(service, link.request),
                           .archives_done = link.plan.archives.size()};
  co_await send_report(service, exchange, std::move(reported));
}

}  // namespace api
