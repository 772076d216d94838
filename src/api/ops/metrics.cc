#include "api/ops/metrics.h"

#include "api/state_names.h"
#include "api/watch/client_address.h"
#include "base/error.h"
#include "base/log.h"
#include "s3/messages/calls.h"

#include <optional>
#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <fmt/format.h>

namespace api {
namespace {

using base::Error;
using base::Fault;
using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

MetricFamily counters(std::string name, std::string help) {
  return {std::move(name), std::move(help), MetricType::Counter, {}};
}
MetricFamily gauges(std::string name, std::string help) {
  return {std::move(name), std::move(help), MetricType::Gauge, {}};
}
MetricFamily histograms(std::string name, std::string help) {
  return {std::move(name), std::move(help), MetricType::Histogram, {}};
}

void add(MetricFamily& family, Labels labels, std::uint64_t value) {
  ClientMetric metric;
  metric.label = std::move(labels);
  metric.counter.value = metric.gauge.value = static_cast<double>(value);
  family.metric.push_back(std::move(metric));
}

// Keeps families short that use few of their many possible labels.
void add_unless_zero(MetricFamily& family, Labels labels, std::uint64_t value) {
  if (value > 0) add(family, std::move(labels), value);
}

MetricFamily alone(MetricFamily family, std::uint64_t value) {
  add(family, {}, value);
  return family;
}

template <std::size_t bound_count>
void add(MetricFamily& family, Labels labels, base::Durations<bound_count> const& durations) {
  ClientMetric metric;
  metric.label = std::move(labels);
  prometheus::ClientMetric::Histogram& histogram = metric.histogram;
  std::size_t place = 0;
  for (double const bound : durations.bounds()) {
    histogram.sample_count += durations.count(place++);
    histogram.bucket.push_back({histogram.sample_count, bound});
  }
  histogram.sample_count += durations.count(place);
  histogram.sample_sum = durations.sum_seconds();
  family.metric.push_back(std::move(metric));
}

std::string text(std::string_view view) {
  return std::string(view);
}

void add_requests(std::vector<MetricFamily>& page, Monitor const& monitor) {
  constexpr std::array<char const*, 6> classes{"none", "1xx", "2xx", "3xx", "4xx", "5xx"};
  MetricFamily requests = counters("s3zipper_http_requests_total",
                                   "Requests, by route and by the class of the answer's status");
  MetricFamily cut =
      counters("s3zipper_http_cut_answers_total", "Answers that were begun and not ended");
  MetricFamily first_byte = histograms("s3zipper_http_first_byte_seconds",
                                       "From a request's head to the first byte of its answer");
  for (auto const& [name, route] : monitor.requests.routes()) {
    for (std::size_t i = 0; i < classes.size(); ++i) {
      Labels labels{{"route", text(name)}, {"status", classes.at(i)}};
      add_unless_zero(requests, std::move(labels), route->by_status.at(i).value());
    }
    add(cut, {{"route", text(name)}}, route->cut.value());
    add(first_byte, {{"route", text(name)}}, route->first_byte);
  }
  page.push_back(std::move(requests));
  page.push_back(std::move(cut));
  page.push_back(std::move(first_byte));
  page.push_back(alone(
      counters("s3zipper_streamed_bytes_total", "Bytes of archives that links' clients were sent"),
      monitor.streamed_bytes.value()));
}

void add_store_calls(std::vector<MetricFamily>& page, s3::Counts const& counts) {
  MetricFamily requests = counters("s3zipper_s3_requests_total",
                                   "Requests to stores, by operation and by what they came to");
  MetricFamily retries = counters("s3zipper_s3_retries_total",
                                  "Requests to stores that were made again, by the reason");
  for (std::size_t i = 0; i < s3::call_count; ++i) {
    auto const call = static_cast<s3::Call>(i);
    std::string const name = text(s3::traits(call).name);
    add(requests, {{"operation", name}, {"result", "ok"}}, counts.succeeded_count(call));
    add_unless_zero(requests, {{"operation", name}, {"result", "retried"}},
                    counts.retried_count(call));
    for (std::size_t j = 0; j < base::fault_count; ++j) {
      auto const fault = static_cast<Fault>(j);
      Labels labels{{"operation", name}, {"result", text(base::traits(fault).name)}};
      add_unless_zero(requests, std::move(labels), counts.failed_count(call, fault));
    }
  }
  for (std::size_t j = 0; j < base::fault_count; ++j) {
    auto const fault = static_cast<Fault>(j);
    add_unless_zero(retries, {{"reason", text(base::traits(fault).name)}},
                    counts.retries_because_of(fault));
  }
  add(retries, {{"reason", "redirected"}}, counts.redirect_count());
  page.push_back(std::move(requests));
  page.push_back(std::move(retries));
  page.push_back(alone(counters("s3zipper_s3_hedged_gets_total",
                                "Second GETs beside slow ones; the faster of the two counts"),
                       counts.hedged_gets.value()));
  page.push_back(
      alone(counters("s3zipper_s3_read_bytes_total", "Bytes of objects that stores have sent"),
            counts.read_bytes.value()));
  page.push_back(alone(counters("s3zipper_s3_written_bytes_total",
                                "Bytes of objects and parts that stores have taken"),
                       counts.written_bytes.value()));
}

void add_connections(std::vector<MetricFamily>& page, std::vector<s3::LoopPool> const& loops) {
  std::size_t open = 0;
  std::size_t idle = 0;
  for (s3::LoopPool const& loop : loops) {
    open += loop.pool->open_count();
    idle += loop.pool->idle_count();
  }
  page.push_back(alone(
      gauges("s3zipper_s3_connections_open", "Connections to stores, idle ones included"), open));
  page.push_back(
      alone(gauges("s3zipper_s3_connections_idle", "Connections to stores that wait for a request"),
            idle));
}

std::string_view label(store::JobState state) {
  return state == store::JobState::cancelled ? "CANCELLED" : task_name(state);
}

void add_jobs(std::vector<MetricFamily>& page, jobs::JobTimes const& job_times,
              std::optional<store::JobCounts> const& counts) {
  MetricFamily by_state =
      gauges("s3zipper_jobs", "Jobs in the job store, by state; those that ended stay for 7 days");
  for (store::JobState const state : store::all_job_states) {
    if (counts) add(by_state, {{"state", text(label(state))}}, (*counts)[state]);
  }
  page.push_back(std::move(by_state));
  MetricFamily times =
      histograms("s3zipper_job_seconds",
                 "How long jobs took that ended here, from the time this process took them up");
  add(times, {{"result", "success"}}, job_times.succeeded());
  add(times, {{"result", "failure"}}, job_times.failed());
  page.push_back(std::move(times));
}

void add_memory(std::vector<MetricFamily>& page, Measured const& measured) {
  MetricFamily total =
      gauges("s3zipper_memory_budget_bytes", "The memory budget, by what it is for");
  MetricFamily taken = gauges("s3zipper_memory_taken_bytes", "What of the memory budget is taken");
  add(total, {{"use", "reads"}}, measured.blocks.total_bytes());
  add(total, {{"use", "parts"}}, measured.parts.total_bytes());
  add(total, {{"use", "requests"}}, measured.requests.total_bytes());
  add(taken, {{"use", "reads"}}, measured.blocks.used_bytes());
  add(taken, {{"use", "parts"}}, measured.parts.used_bytes());
  add(taken, {{"use", "requests"}}, measured.requests.used_bytes());
  page.push_back(std::move(total));
  page.push_back(std::move(taken));
}

std::string page_of(Service const& service, std::optional<store::JobCounts> const& job_counts) {
  std::vector<MetricFamily> page;
  MetricFamily build = gauges("s3zipper_build_info", "Always 1; the label tells the version");
  add(build, {{"version", service.monitor.version}}, 1);
  page.push_back(std::move(build));
  add_requests(page, service.monitor);
  add_store_calls(page, service.measured.s3_calls);
  add_connections(page, service.measured.pools);
  add_jobs(page, service.measured.job_times, job_counts);
  add_memory(page, service.measured);
  return prometheus::TextSerializer().Serialize(page);
}

// nullopt if the store does not tell: the other metrics are worth reading all the more then.
net::task<std::optional<store::JobCounts>> count_jobs(Service const& service) {
  std::optional<store::JobCounts> counts;
  try {
    counts = co_await service.store.jobs.count(std::nullopt);
  } catch (Error const& error) {
    base::log_warning(fmt::format("counting jobs: {}", error.what()));
  }
  co_return counts;
}

}  // namespace

net::task<void> metrics(Service const& service, http::Exchange& exchange) {
  std::optional<store::JobCounts> const jobs = co_await count_jobs(service);
  http::Response head;
  head.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  head.headers.add("Cache-Control", "no-store");
  co_await exchange.respond(std::move(head), page_of(service, jobs));
}

net::task<void> metrics_for_trusted(Service const& service, http::Exchange& exchange) {
  std::string_view const peer = exchange.stream().peer();
  if (!comes_directly_from(peer, exchange.request().headers, service.monitor.metrics_networks))
    throw Error(Fault::not_found, "there is nothing at /metrics");
  return metrics(service, exchange);
}

}  // namespace api
