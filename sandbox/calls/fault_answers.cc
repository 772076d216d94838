#include "sandbox/calls/fault_answers.h"

#include "base/log.h"
#include "base/text.h"
#include "net/deadline.h"
#include "sandbox/refusal.h"

#include <chrono>

#include <fmt/format.h>

namespace sandbox {
namespace {

// The bytes of Range or x-amz-copy-source-range; all without one, or if it counts from the end.
ByteSpan asked_bytes(http::Headers const& headers) {
  auto text = headers.find("range");
  if (!text) text = headers.find("x-amz-copy-source-range");
  constexpr std::string_view unit = "bytes=";
  if (!text || !text->starts_with(unit)) return {};
  text->remove_prefix(unit.size());
  std::size_t const dash = text->find('-');
  ByteSpan span;
  auto const first = base::parse_uint(text->substr(0, dash));
  if (!first || dash == std::string_view::npos) return span;
  span.first = *first;
  if (auto const last = base::parse_uint(text->substr(dash + 1))) span.last = *last;
  return span;
}

std::string document_of(Call const& call, FaultRule const& rule) {
  ErrorPlace const place{.resource = std::string(call.wire.request().path()),
                         .request_id = call.request_id,
                         .region = call.region};
  std::string_view const own = rule.message;
  return error_document(rule.code, own.empty() ? message_of_code(rule.code) : own, place);
}

net::task<void> answer_document(Call& call, int status, std::string document) {
  http::Response head = answer_head(call, status);
  head.headers.add("Content-Type", "application/xml");
  co_await call.wire.respond(std::move(head), std::move(document));
}

}  // namespace

void log_strike(Strike const& strike, std::string_view call, std::string_view bucket,
                std::string_view key) {
  bool const is_pace = class_of(strike.rule->kind) == FaultClass::pace;
  base::log(is_pace ? base::LogLevel::debug : base::LogLevel::info,
            fmt::format("fault {} fired: {}, {} {}/{} (request {} that it has seen)",
                        strike.rule->name, name_of(strike.rule->kind), call, bucket,
                        base::percent_encode(key, true), strike.number));
}

void show_to_faults(Call& call) {
  bool const of_object = !call.key.empty();
  FaultSubject subject{.call = call.operation,
                       .bucket = call.bucket,
                       .key = of_object ? call.key : call.argument("prefix").value_or(""),
                       .bytes = asked_bytes(call.headers())};
  subject.part = base::parse_uint(call.argument("partNumber").value_or("")).value_or(0);
  Strikes const strikes = call.faults.strikes(subject, std::chrono::steady_clock::now());
  for (Strike const& pace : strikes.paces)
    log_strike(pace, call.operation, call.bucket, subject.key);
  if (strikes.answer.rule != nullptr)
    log_strike(strikes.answer, call.operation, call.bucket, subject.key);
  call.wire.bend(strikes, call.bucket);
}

net::task<bool> answer_by_fault(Call& call) {
  Strikes const& strikes = call.wire.strikes();
  if (strikes.delay.count() > 0) co_await net::sleep(strikes.delay);
  if (strikes.answer.rule == nullptr) co_return false;
  FaultRule const& rule = *strikes.answer.rule;
  std::string document = rule.code.empty() ? "" : document_of(call, rule);
  switch (rule.kind) {
    case FaultKind::error:
      if (!rule.early) co_await call.wire.discard_body();
      co_await answer_document(call, rule.status, std::move(document));
      co_return true;
    case FaultKind::error_in_200:
    case FaultKind::white_space:
      if (rule.code.empty()) co_return false;
      if (rule.carry_out) {
        call.wire.replace_document(std::move(document));
        co_return false;
      }
      co_await call.wire.discard_body();
      co_await answer_document(call, 200, std::move(document));
      co_return true;
    case FaultKind::away:
      call.wire.reset();
    case FaultKind::reset:
      if (!rule.after) call.wire.reset();
      co_return false;
    case FaultKind::stall:
      if (!rule.after) co_await call.wire.stall(rule.time);
      co_return false;
    default:
      co_return false;  // the wire applies faults to the answer
  }
}

}  // namespace sandbox
