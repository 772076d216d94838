#include "api/files/file_calls.h"

#include "api/files/file_page.h"
#include "api/files/send_file.h"
#include "api/files/zip_contents.h"
#include "api/zips/zips.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"
#include "http/router.h"
#include "zip/format.h"
#include "zip/names.h"

#include <algorithm>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace api {

namespace json = boost::json;
using archive::ContentEntry;
using archive::Contents;
using archive::PlannedEntry;
using base::Error;
using base::Fault;
using zip::Form;

namespace {

constexpr std::string_view file_type = "application/octet-stream";
constexpr std::string_view zip_type = "application/zip";

// ---- lists

json::object as_json(ContentEntry const& entry) {
  json::object object{{"name", base::to_utf8(entry.name)},
                      {"size", entry.size},
                      {"modified", nullptr},
                      {"crc32", nullptr},
                      {"isFolder", entry.is_folder()},
                      {"archive", entry.archive + 1}};
  if (entry.modified) object["modified"] = base::rfc3339(*entry.modified);
  if (entry.crc) object["crc32"] = fmt::format("{:08x}", *entry.crc);
  return object;
}

std::string page_json(Contents const& contents, FileQuery const& query) {
  FilePage const page = choose_page(contents, query);
  json::array entries;
  for (std::size_t const place : page.entries) entries.push_back(as_json(contents[place]));
  json::array folders;
  for (std::string const& folder : page.folders) folders.emplace_back(base::to_utf8(folder));
  json::value next = nullptr;
  if (page.next) next = cursor_of(*page.next);
  return json::serialize(json::object{{"entries", std::move(entries)},
                                      {"folders", std::move(folders)},
                                      {"entryCount", contents.size()},
                                      {"nextCursor", std::move(next)}});
}

// ---- files

std::string name_of_route(http::Exchange const& exchange) {
  if (!exchange.request().query().empty())
    throw Error(Fault::bad_input, "the query: a file is named by the path alone");
  return http::path_parameter(exchange, "*");
}

net::task<std::size_t> find_file(Service const& service, Contents const& contents,
                                 std::string const& name) {
  auto const find = [&] { return contents.find(name); };
  std::optional<std::size_t> const place = co_await service.blocking.get(find);
  if (!place)
    throw Error(Fault::not_found, fmt::format("the zip has no file {}", zip::shown_name(name)));
  co_return *place;
}

// The last segment, safe wherever it is stored.
std::string last_segment(std::string_view name) {
  while (name.ends_with('/')) name.remove_suffix(1);
  return zip::clean_name(name.substr(name.rfind('/') + 1), zip::NameRule::portable);
}

Served served_file(ZipContents const& zip, std::size_t place, base::UnixSeconds modified) {
  ContentEntry const entry = (*zip.contents)[place];
  std::string const identity = fmt::format("file {}\n{}", place, zip.version);
  return {.etag = '"' + base::hex(base::sha256(identity)).substr(0, 32) + '"',
          .modified = modified,
          .size = entry.size,
          .type = file_type,
          .file_name = last_segment(entry.name)};
}

Served served_folder(ZipContents const& zip, std::string_view folder, FolderPlan const& plan,
                     base::UnixSeconds modified) {
  std::string const identity =
      fmt::format("folder {} {}\n{}", zip::layout_version, folder, zip.version);
  return {.etag = '"' + base::hex(base::sha256(identity)).substr(0, 32) + '"',
          .modified = modified,
          .size = plan.archive->plan.layout().size(),
          .type = zip_type,
          .file_name = last_segment(folder) + ".zip"};
}

// The one entry as a plan: its data are the file's bytes.
void plan_file(Taken& taken, PlannedEntry entry) {
  entry.name = "file";
  entry.form = Form::stored;
  archive::Plan plan;
  plan.add(entry);
  taken.archive = std::make_shared<archive::PlannedArchive>(std::move(plan));
  taken.bytes = taken.archive->plan.layout().data(0);
}

// ---- of a zip in a bucket

// The entry as a plan over an EntryStore has it. `texts` keeps what it points to.
struct EntryTexts {
  std::string key;
  std::string place;
};
PlannedEntry planned(store::Job const& job, ZipContents const& zip, std::size_t place,
                     EntryTexts& texts) {
  ContentEntry const entry = (*zip.contents)[place];
  std::string const zip_key = archive::archive_key(job.target_key, entry.archive);
  texts.key = fmt::format("{}/{}", zip_key, entry.name);
  texts.place = std::to_string(place);
  return {.bucket = job.target_bucket,
          .key = texts.key,
          .etag = zip.archives.at(entry.archive).bytes.etag,
          .size = entry.size,
          .modified = entry.modified.value_or(0),
          .name = entry.name,
          .form = entry.is_folder() ? Form::directory : Form::stored,
          .crc = entry.crc,
          .version_id = texts.place};
}

void check_can_be_read(ContentEntry const& entry) {
  auto const refuse = [&](std::string const& why) {
    throw Error(Fault::bad_input, fmt::format("{}: {}", zip::shown_name(entry.name), why));
  };
  if (entry.is_encrypted) refuse("it is encrypted");
  if (entry.method != zip::method_stored && entry.method != zip::method_deflated)
    refuse(fmt::format("its compression method {} is not known here", entry.method));
  if (entry.is_folder() && entry.size > 0) refuse("it is a folder with bytes");
}

bool is_stored(ContentEntry const& entry) {
  return entry.method == zip::method_stored || entry.size == 0;
}

std::shared_ptr<s3::ObjectStore> entry_store(ZipContents& zip) {
  return std::make_shared<archive::EntryStore>(std::move(zip.archives), zip.contents);
}

net::task<void> send_file_of_zip(Service const& service, http::Exchange& exchange, store::Job job,
                                 ZipContents zip, std::string name) {
  std::size_t const place = co_await find_file(service, *zip.contents, name);
  ContentEntry const entry = (*zip.contents)[place];
  check_can_be_read(entry);
  Served served = served_file(zip, place, job.ended_at);
  if (is_stored(entry)) {
    EntryTexts texts;
    Taken taken{.served = std::move(served), .archive = {}, .store = {}};
    plan_file(taken, planned(job, zip, place, texts));
    taken.store = entry_store(zip);
    co_await send_taken(service, exchange, job.account_id, std::move(taken));
  } else {
    Packed packed{.served = std::move(served),
                  .contents = zip.contents,
                  .archives = std::move(zip.archives),
                  .folder = {},
                  .file = place};
    co_await send_packed(service, exchange, job.account_id, std::move(packed));
  }
}

net::task<void> send_folder_of_zip(Service const& service, http::Exchange& exchange, store::Job job,
                                   ZipContents zip, std::string folder) {
  bool all_stored = true;
  EntryTexts texts;
  SourceOf const source_of = [&](std::size_t place) {
    ContentEntry const entry = (*zip.contents)[place];
    check_can_be_read(entry);
    all_stored = all_stored && is_stored(entry);
    return planned(job, zip, place, texts);
  };
  auto const make = [&] { return plan_folder(*zip.contents, folder, source_of); };
  FolderPlan plan = co_await service.blocking.get(make);
  Served served = served_folder(zip, folder, plan, job.ended_at);
  if (all_stored) {
    base::Extent const all{0, served.size};
    Taken taken{.served = std::move(served),
                .archive = plan.archive,
                .store = entry_store(zip),
                .bytes = all};
    co_await send_taken(service, exchange, job.account_id, std::move(taken));
  } else {
    Packed packed{.served = std::move(served),
                  .contents = zip.contents,
                  .archives = std::move(zip.archives),
                  .folder = std::move(plan)};
    co_await send_packed(service, exchange, job.account_id, std::move(packed));
  }
}

// ---- of a link

PlannedEntry planned(archive::PlannedArchive const& archive, std::size_t index) {
  PlannedEntry entry = archive.plan.entry(index);
  if (entry.form != Form::directory) entry.crc = archive.crcs.whole(index);
  return entry;
}

net::task<void> send_file_of_link(Service const& service, http::Exchange& exchange,
                                  store::Link link, ZipContents zip, std::string name) {
  std::size_t const place = co_await find_file(service, *zip.contents, name);
  ContentEntry const entry = (*zip.contents)[place];
  links::OpenLink const open = co_await service.links.open(link.id, entry.archive, exchange.id());
  Taken taken{
      .served = served_file(zip, place, link.created_at), .archive = {}, .store = open.store};
  plan_file(taken, planned(*open.archive, entry.index));
  co_await send_taken(service, exchange, link.account_id, std::move(taken));
}

net::task<void> send_folder_of_link(Service const& service, http::Exchange& exchange,
                                    store::Link link, ZipContents zip, std::string folder) {
  std::vector<links::OpenLink> open;
  for (std::size_t i = 0; i < link.plan.archives.size(); ++i)
    open.push_back(co_await service.links.open(link.id, i, exchange.id()));
  SourceOf const source_of = [&](std::size_t place) {
    ContentEntry const entry = (*zip.contents)[place];
    return planned(*open.at(entry.archive).archive, entry.index);
  };
  auto const make = [&] { return plan_folder(*zip.contents, folder, source_of); };
  FolderPlan const plan = co_await service.blocking.get(make);
  Served served = served_folder(zip, folder, plan, link.created_at);
  base::Extent const all{0, served.size};
  Taken taken{.served = std::move(served),
              .archive = plan.archive,
              .store = open.front().store,
              .bytes = all};
  open.clear();
  co_await send_taken(service, exchange, link.account_id, std::move(taken));
}

}  // namespace

net::task<void> answer_page(Service const& service, http::Exchange& exchange,
                            std::shared_ptr<Contents const> contents) {
  FileQuery const query = parse_file_query(exchange.request().query());
  auto const make = [&] { return page_json(*contents, query); };
  std::string page = co_await service.blocking.get(make);
  co_await answer(exchange, std::move(page));
}

net::task<void> list_zip_files(Service const& service, ContentsCache& cache,
                               http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  std::string id = http::path_parameter(exchange, "id");
  store::Job job = co_await find_own_whole_job(service, account, std::move(id));
  ZipContents const zip =
      co_await contents_of_zip(service, cache, std::move(job), exchange.id(), Purpose::list);
  co_await answer_page(service, exchange, zip.contents);
}

net::task<void> list_link_files(Service const& service, ContentsCache& cache,
                                http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  std::string id = http::path_parameter(exchange, "id");
  store::Link link = co_await find_own_link(service, account, std::move(id));
  ZipContents const zip = co_await contents_of_link(service, cache, std::move(link), exchange.id());
  co_await answer_page(service, exchange, zip.contents);
}

net::task<void> take_zip_file(Service const& service, ContentsCache& cache,
                              http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  std::string id = http::path_parameter(exchange, "id");
  store::Job const job = co_await find_own_whole_job(service, account, std::move(id));
  std::string name = name_of_route(exchange);
  ZipContents zip = co_await contents_of_zip(service, cache, job, exchange.id(), Purpose::read);
  if (name.ends_with('/')) {
    co_await send_folder_of_zip(service, exchange, job, std::move(zip), std::move(name));
  } else {
    co_await send_file_of_zip(service, exchange, job, std::move(zip), std::move(name));
  }
}

net::task<void> take_link_file(Service const& service, ContentsCache& cache,
                               http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  std::string id = http::path_parameter(exchange, "id");
  store::Link const link = co_await find_own_link(service, account, std::move(id));
  std::string name = name_of_route(exchange);
  ZipContents zip = co_await contents_of_link(service, cache, link, exchange.id());
  if (name.ends_with('/')) {
    co_await send_folder_of_link(service, exchange, link, std::move(zip), std::move(name));
  } else {
    co_await send_file_of_link(service, exchange, link, std::move(zip), std::move(name));
  }
}

}  // namespace api
