#include "api/links/link.h"

#include "api/links/answer.h"
#include "api/links/error_url.h"
#include "api/links/quiet_page.h"
#include "api/links/response_sink.h"
#include "archive/deliver/stream.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "net/deadline.h"
#include "net/task_group.h"
#include "store/known_crcs.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/format.h>

namespace api {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

constexpr std::string_view link_path = "/stream/";
constexpr std::string_view archive_type = "application/zip";

// "<uuid>" is the first archive; the others are "<uuid>.1" and so on.
std::string to_text(LinkTarget const& target) {
  return target.archive == 0 ? target.link_id
                             : fmt::format("{}.{}", target.link_id, target.archive);
}

std::string signed_text(std::string_view target) {
  return fmt::format("stream/{}", target);
}

// The fault of a failed selection may suggest to try again later, which is of no use unless it is
// listed again.
Fault fault_for_people(Fault fault, AfterFailure after) {
  switch (fault) {
    case Fault::unauthorized:
    case Fault::forbidden:
      return Fault::forbidden;
    case Fault::not_found:
    case Fault::gone:
      return fault;
    case Fault::throttled:
    case Fault::unavailable:
    case Fault::timeout:
    case Fault::disconnected:
      return after == AfterFailure::listed_again ? Fault::unavailable : Fault::conflict;
    default:
      return Fault::conflict;
  }
}

Served served_by(links::OpenLink const& open) {
  return {.etag = open.facts.etag,
          .modified = open.link.created_at,
          .size = open.facts.archive_bytes,
          .type = archive_type,
          .file_name = open.file_name};
}

net::task<void> end_answer(http::Exchange& exchange, Answer const& answer) {
  if (!answer.boundary.empty()) {
    std::string const end = parts_end(answer);
    std::string_view const pieces[] = {end};
    co_await exchange.write(pieces);
  }
  co_await exchange.finish();
}

net::task<void> send_head(http::Exchange& exchange, http::Response head) {
  co_await exchange.start(std::move(head));
  co_await exchange.finish();
}

// Sends one range after the other: CRCs that were learned for one serve the next.
net::task<void> send_ranges(Service const& service, http::Exchange& exchange,
                            links::OpenLink const& open, Answer const& answer,
                            store::CrcKeeper& crcs, ResponseSink& sink) {
  auto const keep_crcs = [&crcs] { return crcs.keep_up(); };
  Served const served = served_by(open);
  for (base::Extent const range : answer.ranges) {
    bool const is_part = !answer.boundary.empty();
    if (is_part) sink.put_before(part_head(answer, range, served));
    archive::Delivery delivery{.archive = open.archive,
                               .wanted = {{range.offset, range.size}},
                               .store = open.store,
                               .budget = &service.blocks,
                               .keep_crcs = keep_crcs};
    co_await archive::stream(std::move(delivery), sink);
  }
  net::task<void> ending = end_answer(exchange, answer);
  co_await to_client(std::move(ending));
}

net::task<void> send_archive(Service const& service, http::Exchange& exchange, links::OpenLink open,
                             Answer answer) {
  net::Executor const loop = co_await net::this_loop();
  store::CrcKeeper crcs(loop, service.store.crcs, service.blocking, open.store->endpoint_url(),
                        open.archive);
  ResponseSink sink(exchange, std::move(answer.head), service.monitor.streamed_bytes);
  CountSent const counting{.traffic = service.traffic,
                           .account_id = open.link.account_id,
                           .link_id = open.link.id,
                           .sink = sink,
                           .from_start = answer.ranges.front().offset == 0};
  std::exception_ptr failure;
  std::string why;
  try {
    net::task<void> sending = send_ranges(service, exchange, open, answer, crcs, sink);
    net::task<void> end = throw_when_in_vain(service, exchange, open.link.account_id);
    co_await net::until(std::move(sending), std::move(end));
  } catch (Error const& error) {
    failure = std::current_exception();
    why = error.what();
  }
  // CRCs that were learned serve the download that resumes this one.
  co_await crcs.keep_rest();
  if (!failure) co_return;
  base::log_info(fmt::format("stream {}: ended early: {}", open.link.id, why),
                 {{"request_id", exchange.id()}});
  std::rethrow_exception(failure);
}

// Opens the link and sends the stretches that are asked for.
net::task<void> send_opened(Service const& service, http::Exchange& exchange, std::string link_id,
                            std::size_t archive, http::Headers more) {
  links::OpenLink open = co_await service.links.open(std::move(link_id), archive, exchange.id());
  auto const too_much = [&open](std::vector<base::Extent> const& ranges) {
    return need_many_crcs(ranges, *open.archive);
  };
  Answer answer = answer_to(exchange.request(), served_by(open), too_much);
  for (http::Field const& line : more) answer.head.headers.add(line.name, line.value);
  if (answer.ranges.empty()) {
    net::task<void> answering = exchange.respond(std::move(answer.head), "");
    co_return co_await to_client(std::move(answering));
  }
  exchange.stream().set_idle_timeout(limits::slow_client_timeout);
  if (exchange.request().method == "HEAD") {
    net::task<void> answering = send_head(exchange, std::move(answer.head));
    co_return co_await to_client(std::move(answering));
  }
  co_await send_archive(service, exchange, std::move(open), std::move(answer));
}

// Whether the owner of the link is to read of the error: not if the link has ended, which is told
// anyway, nor if its selection failed, which is the link's own error.
bool is_for_the_owner(Error const& error) {
  bool const told = dynamic_cast<links::SelectionFailed const*>(&error) != nullptr;
  bool const in_vain = dynamic_cast<InVain const*>(&error) != nullptr;
  return !told && !in_vain && error.fault() != Fault::gone;
}

// A note that cannot be kept must not hide why the download failed.
net::task<void> note_failure(Service const& service, std::string link_id,
                             store::DownloadFailure failure) {
  try {
    co_await service.store.links.note_failure(link_id, failure);
  } catch (Error const& error) {
    base::log_warning(
        fmt::format("stream {}: that a download failed is not kept: {}", link_id, error.what()),
        {{"request_id", failure.request_id}});
  }
}

net::task<std::optional<accounts::Account>> owner_of_link(store::Store const& store,
                                                          std::string id) {
  auto const link = co_await store.links.find(std::move(id));
  if (!link) co_return std::nullopt;
  co_return co_await store.accounts.find(store::AccountKey::id, link->account_id);
}

}  // namespace

LinkTarget parse_link_target(Service const& service, std::string_view target,
                             std::string_view signature) {
  if (!service.keys.link_matches(signed_text(target), signature))
    throw Error(Fault::not_found, "there is no such download; check the link");
  std::vector<std::string_view> const names = base::split(target, '.');
  LinkTarget parsed{.link_id = std::string(names[0])};
  if (names.size() > 1) parsed.archive = base::parse_uint(names[1]).value_or(0);
  return parsed;
}

std::vector<std::string> link_urls(accounts::Keys const& keys, std::string_view base,
                                   store::Link const& link) {
  std::vector<std::string> urls;
  if (!link.signing_key.empty()) return urls;
  std::size_t const count = std::max<std::size_t>(1, link.plan.archives.size());
  for (std::size_t i = 0; i < count; ++i) {
    std::string const target = to_text({link.id, i});
    urls.push_back(fmt::format("{}{}{}/{}/{}", base, link_path, target,
                               keys.link_signature(signed_text(target)),
                               base::percent_encode(archive::archive_key(link.file_name, i))));
  }
  return urls;
}

net::task<void> download(Service const& service, http::Exchange& exchange) {
  std::string_view const path = exchange.request().path();
  std::vector<std::string_view> const parts = base::split(path.substr(link_path.size()), '/');
  std::string_view const signature = parts.size() < 2 ? "" : parts[1];
  LinkTarget const target = parse_link_target(service, parts[0], signature);
  FindOwner owner = [id = target.link_id](store::Store const& store) {
    return owner_of_link(store, id);
  };
  net::task<void> sending =
      send_to_people(service, exchange, target.link_id, target.archive, AfterFailure::nothing);
  co_await with_error_url(service, exchange, std::move(owner), std::move(sending));
}

net::task<void> send_to_people(Service const& service, http::Exchange& exchange,
                               std::string link_id, std::size_t archive, AfterFailure after) {
  http::Headers nothing_more;
  std::optional<Error> failure;
  try {
    net::task<void> sending =
        send_download(service, exchange, std::move(link_id), archive, std::move(nothing_more));
    co_await std::move(sending);
  } catch (links::SelectionFailed const& failed) {
    failure = Error(fault_for_people(failed.fault(), after), failed.what());
  }
  if (failure) throw *failure;
}

net::task<void> send_download(Service const& service, http::Exchange& exchange, std::string link_id,
                              std::size_t archive, http::Headers more) {
  std::exception_ptr failure;
  std::optional<store::DownloadFailure> noted;
  try {
    net::task<void> sending = send_opened(service, exchange, link_id, archive, std::move(more));
    co_await std::move(sending);
  } catch (Error const& error) {
    failure = std::current_exception();
    if (is_for_the_owner(error))
      noted = {base::unix_now(), exchange.id(), std::string(full_words(error))};
  }
  if (!failure) co_return;
  if (noted) {
    net::task<void> noting = note_failure(service, std::move(link_id), *std::move(noted));
    co_await std::move(noting);
  }
  std::rethrow_exception(failure);
}

}  // namespace api
