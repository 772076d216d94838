#include "cli/zip/zip_command.h"

#include "archive/deliver/assemble.h"
#include "archive/deliver/file_sink.h"
#include "archive/deliver/stop.h"
#include "archive/plan/freeze.h"
#include "archive/select/own_zips.h"
#include "archive/select/select.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/random.h"
#include "base/text.h"
#include "base/visible_text.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/progress_bar.h"
#include "cli/s3_session.h"
#include "cli/zip/left_upload.h"
#include "cli/zip/zip_flags.h"
#include "cli/zip/zip_output.h"
#include "cli/zip/zip_report.h"
#include "net/task_group.h"
#include "s3/messages/faults.h"
#include "s3/uri.h"

#include <cstdio>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>

namespace cli {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

void check_usage(ZipCommand const& command) {
  for (std::string const& source : command.sources) parse_s3_argument(source);
  if (command.sources.empty() && command.manifest.empty())
    throw UsageError("a source is wanted: s3://bucket/key, or a --manifest that lists some");
  if (!command.manifest.empty() && parse_s3_argument(command.manifest).key.empty())
    throw UsageError("--manifest: s3://bucket/key of an object is wanted");
  if (command.into_bucket()) {
    std::string const key = parse_s3_argument(command.output).key;
    if (key.empty() || key.ends_with('/'))
      throw UsageError(command.output + ": the name of the zip is missing: s3://bucket/out.zip");
  }
  if (!command.into_bucket() && command.attributes != s3::Attributes())
    throw UsageError("storage class, tags, metadata and encryption are for a zip in a bucket");
  if (auto const flaw = s3::flaw_of_kms_key_id(command.attributes.encryption))
    throw UsageError("--sse-kms-key-id " + *flaw);
  if (command.where.is_stdout() && !command.dry_run && ::isatty(STDOUT_FILENO) == 1)
    throw UsageError("-o -: standard output is a terminal; pipe it on, or name a file");
  if (command.output.empty()) throw UsageError("-o: a file, s3://bucket/out.zip, or - is wanted");
  if (command.where.is_block_device && !command.force)
    throw Error(Fault::conflict,
                command.output + " is a disk, whose content would be lost; --force writes to it");
}

// The source whose bucket is the request's if the zip goes into no bucket.
std::string const& first_source(ZipCommand const& command) {
  return command.sources.empty() ? command.manifest : command.sources.front();
}

archive::Request request_of(ZipCommand const& command) {
  archive::Request request;
  s3::ObjectName const target =
      s3::parse_uri(command.into_bucket() ? command.output : first_source(command));
  request.bucket = target.bucket;
  if (command.into_bucket()) request.target_key = target.key;
  request.target_attributes = command.attributes;
  for (std::string const& source : command.sources) {
    s3::ObjectName const place = s3::parse_uri(source);
    request.paths.push_back(place.bucket + "/" + place.key);
  }
  request.exact_paths = true;
  if (!command.manifest.empty()) {
    s3::ObjectName const manifest = s3::parse_uri(command.manifest);
    request.manifest = {manifest.bucket, manifest.key, command.manifest_format};
  }
  request.request_payer = command.request_payer;
  request.report_in_zip = command.report;
  request.rules = command.rules;
  request.on_missing = command.on_missing;
  request.own_zips = command.own_zips;
  request.name_style = command.base;
  request.name_rule = command.names;
  return request;
}

ShowAs progress_style(ZipCommand const& command) {
  if (command.quiet || command.dry_run) return ShowAs::nothing;
  if (command.json) return ShowAs::json;
  return ::isatty(STDERR_FILENO) == 1 ? ShowAs::bar : ShowAs::lines;
}

class ZipRun {
 public:
  ZipRun(S3Session& session, ZipCommand const& command)
      : command_(command),
        request_(request_of(command)),
        session_(session),
        messages_(command.json && !command.where.is_stdout() ? stdout : stderr),
        bar_(progress_, progress_style(command), messages_) {
    session.shared.warn = [this](std::string const& text) { tell_waiting(text); };
  }

  net::task<void> run();

 private:
  net::task<void> make();
  net::task<void> check_target();
  net::task<void> tell_left_uploads();
  net::task<void> make_plan();
  net::task<void> deliver();
  net::task<void> into_bucket();
  net::task<void> into_file();
  net::task<void> in_order();
  net::task<void> keep_upload(std::string upload_id);
  net::task<void> finish_unbroken();
  net::task<void> abort_upload();
  archive::Delivery delivery();
  void tell_waiting(std::string const& trouble);
  void tell_plan() const;
  void tell_end() const;
  ZipReport report() const;

  ZipCommand const& command_;
  archive::Request request_;
  S3Session& session_;
  std::FILE* messages_;
  archive::LiveProgress progress_;
  ProgressBar bar_;
  std::shared_ptr<archive::PlannedArchive> archive_;
  archive::LeftOut left_out_;
  archive::LookupCalls lookups_;
  std::string upload_id_;  // of the upload that is under way
  std::shared_ptr<archive::Stop> const stop_ = std::make_shared<archive::Stop>(session_.loop);
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

net::task<void> ZipRun::run() {
  net::TaskGroup beside(session_.loop);
  beside.spawn(bar_.run());
  std::exception_ptr failure;
  try {
    // Nothing has to be cleaned up behind a pipe, and a write to it cannot be called off.
    auto const before_cancel = [this] { return finish_unbroken(); };
    net::task<void> making =
        command_.in_order() ? make() : run_interruptible(make(), before_cancel);
    co_await std::move(making);
  } catch (...) {
    failure = std::current_exception();
  }
  beside.cancel();
  while (beside.running() > 0) co_await beside.wait_one();
  bar_.clear();
  if (failure) {
    co_await abort_upload();
    std::rethrow_exception(failure);
  }
  if (!command_.dry_run) tell_end();
}

net::task<void> ZipRun::make() {
  if (!command_.dry_run) {
    co_await check_target();
    co_await tell_left_uploads();
  }
  co_await make_plan();
  bar_.listing_ended();
  if (command_.dry_run) {
    tell_plan();
  } else {
    co_await deliver();
  }
}

net::task<void> ZipRun::check_target() {
  if (!command_.into_bucket() || command_.force) co_return;
  s3::ObjectName target{request_.bucket, request_.target_key};
  s3::Headed found;
  try {
    found = co_await session_.store->head_object(std::move(target));
  } catch (Error const& error) {
    // Credentials that may write but not read cannot tell.
    if (error.fault() != Fault::forbidden) throw;
  }
  if (found.object) throw Error(Fault::conflict, command_.output + " exists; --force replaces it");
}

// A run that was killed could not remove its upload.
net::task<void> ZipRun::tell_left_uploads() {
  if (!command_.into_bucket()) co_return;
  s3::ObjectName const target{request_.bucket, request_.target_key};
  std::vector<s3::ListedUpload> uploads;
  try {
    uploads = co_await session_.store->list_uploads(target);
  } catch (Error const& error) {
    // The credentials, or the object store, may not allow to list uploads; the zip does not need
    // it.
    base::log_debug(error.what());
  }
  bar_.clear();
  for (s3::ListedUpload const& upload : uploads) {
    std::string const& endpoint = session_.store->endpoint_url();
    std::string const text = command_.json ? json_of_left_upload(target, upload, endpoint)
                                           : text_of_left_upload(target, upload, endpoint);
    std::fputs(text.c_str(), command_.json ? messages_ : stderr);
  }
}

net::task<void> ZipRun::make_plan() {
  session_.store->set_requester_pays(request_.request_payer);
  archive::Selection selection = co_await archive::select(session_.store, request_, progress_);
  left_out_ = selection.left_out;
  lookups_ = selection.calls;
  auto const purpose = command_.in_order() ? archive::Purpose::stream : archive::Purpose::assemble;
  auto const name_and_place = [&] {
    return archive::freeze(std::move(selection), request_, purpose);
  };
  auto const archives = co_await session_.blocking.get(name_and_place);
  archive_ = archives.front();  // the command splits nothing
  progress_.entries_total = archive_->plan.entry_count();
  progress_.bytes_total = archive_->plan.source_bytes();
}

net::task<void> ZipRun::deliver() {
  if (command_.into_bucket()) {
    co_await into_bucket();
  } else if (command_.in_order()) {
    co_await in_order();
  } else {
    co_await into_file();
  }
}

// Parts of a large zip are large, and four of them must fit into half of the memory.
void check_memory(ZipCommand const& command, std::uint64_t archive_bytes) {
  std::uint64_t const needed = 2 * 4 * archive::choose_part_bytes(archive_bytes);
  if (needed <= command.memory_bytes) return;
  throw Error(Fault::too_large,
              fmt::format("a zip of {} goes into a bucket in large parts: --memory must be {}MiB "
                          "at least",
                          base::human_size(archive_bytes), needed / limits::MiB));
}

net::task<void> ZipRun::into_bucket() {
  check_memory(command_, archive_->plan.layout().size());
  archive::Assembly assembly{
      .archive = archive_,
      .store = session_.store,
      .blocks = &session_.blocks,
      .parts = &session_.parts,
      .progress = &progress_,
      .target = {request_.bucket, request_.target_key},
      .job_id = "command-" + base::random_uuid(),
      .sources = archive::sources_digest(request_),
      .attributes = request_.target_attributes,
      .upload_id = {},
      .part_bytes = archive::choose_part_bytes(archive_->plan.layout().size()),
      .begun_before = false,
      .keep_upload = [this](std::string upload_id) { return keep_upload(std::move(upload_id)); },
      .stop = stop_};
  co_await archive::assemble(std::move(assembly));
  upload_id_.clear();
}

net::task<void> ZipRun::into_file() {
  using Existing = archive::FileSink::Existing;
  archive::FileSink sink(session_.blocking, command_.output, archive_->plan.layout().size(),
                         command_.force ? Existing::replace : Existing::refuse);
  co_await archive::stream(delivery(), sink);
  co_await sink.finish();
}

net::task<void> ZipRun::in_order() {
  std::optional<OutputDescriptor> output;
  auto const open = [&] { output.emplace(command_.where); };
  co_await session_.blocking.run(open);
  std::string name = command_.where.is_stdout() ? "standard output" : command_.output;
  archive::DescriptorSink sink(session_.blocking, output->get(), std::move(name));
  co_await archive::stream(delivery(), sink);
  auto const finish = [&] { output->finish(); };
  co_await session_.blocking.run(finish);
}

archive::Delivery ZipRun::delivery() {
  return {.archive = archive_,
          .wanted = {{0, archive_->plan.layout().size()}},
          .store = session_.store,
          .budget = &session_.blocks,
          .progress = &progress_};
}

net::task<void> ZipRun::keep_upload(std::string upload_id) {
  upload_id_ = std::move(upload_id);
  co_return;
}

// A call that may have made something in the bucket comes to its end, so that this can be removed.
net::task<void> ZipRun::finish_unbroken() {
  stop_->asked = true;
  session_.store->limit_patience(limits::tidying_patience);
  auto const end = std::chrono::steady_clock::now() + limits::tidying_patience;
  while (stop_->unbroken_calls > 0 && std::chrono::steady_clock::now() < end)
    co_await stop_->unbroken_ended.wait_for(limits::tidying_patience);
}

net::task<void> ZipRun::abort_upload() {
  if (upload_id_.empty()) co_return;
  s3::ObjectName const target{request_.bucket, request_.target_key};
  session_.store->limit_patience(limits::tidying_patience);
  try {
    co_await session_.store->abort_upload(target, upload_id_);
  } catch (Error const& error) {
    fmt::print(stderr, "s3zipper: its unfinished upload could not be removed: {}\n",
               base::visible(error.what()));
    s3::ListedUpload const left{.key = target.key, .upload_id = upload_id_};
    std::fputs(text_of_left_upload(target, left, session_.store->endpoint_url()).c_str(), stderr);
  }
}

ZipReport ZipRun::report() const {
  std::chrono::duration<double> const time = std::chrono::steady_clock::now() - begin_;
  return {.output = command_.output,
          .entries = archive_->plan.entry_count(),
          .source_bytes = archive_->plan.source_bytes(),
          .archive_bytes = archive_->plan.layout().size(),
          .seconds = std::max(time.count(), 0.001),
          .left_out = left_out_};
}

void ZipRun::tell_waiting(std::string const& trouble) {
  if (command_.json) {
    boost::json::object const fields{{"event", "waiting"}, {"message", base::to_utf8(trouble)}};
    fmt::print(messages_, "{}\n", base::visible_json(boost::json::serialize(fields)));
  } else if (!command_.quiet) {
    bar_.clear();
    fmt::print(stderr, "s3zipper: {}\n", base::visible(trouble));
  }
}

void ZipRun::tell_plan() const {
  for (std::size_t i = 0; i < archive_->plan.entry_count() && !command_.quiet; ++i) {
    archive::PlannedEntry const entry = archive_->plan.entry(i);
    bool const raw = command_.json || ::isatty(STDOUT_FILENO) != 1;
    DryRunEntry const shown{.name = raw ? std::string(entry.name) : base::visible(entry.name),
                            .source = s3::shown(entry.bucket, entry.key),
                            .size = entry.size};
    std::fputs((command_.json ? json_of(shown) : text_of(shown)).c_str(), stdout);
  }
  std::optional<std::uint64_t> part_bytes;
  if (command_.into_bucket())
    part_bytes = archive::choose_part_bytes(archive_->plan.layout().size());
  auto const calls = archive::count_calls(archive_->plan, lookups_, part_bytes);
  std::string const estimate =
      command_.json ? dry_run_json_of(report(), calls) : dry_run_text_of(report(), calls);
  std::fputs(estimate.c_str(), stdout);
}

void ZipRun::tell_end() const {
  if (command_.json) {
    std::fputs(json_of(report()).c_str(), messages_);
  } else if (!command_.quiet) {
    std::fputs(text_of(report()).c_str(), messages_);
  }
}

net::task<void> make_zip(S3Session& session, ZipCommand const& command) {
  ZipRun run(session, command);
  co_await run.run();
}

// Prints one more line for programs that read the others.
void tell_failure(ZipCommand const& command, Error const& error) {
  boost::json::object const fields{{"event", "failed"},
                                   {"error", base::traits(error.fault()).name},
                                   {"code", error.code()},
                                   {"message", base::to_utf8(error.what())}};
  std::FILE* const out = command.where.is_stdout() ? stderr : stdout;
  fmt::print(out, "{}\n", base::visible_json(boost::json::serialize(fields)));
}

void run_zip(ZipCommand command) {
  command.where = find_output(command.output);
  check_usage(command);
  base::set_log_level("error");
  aws::AwsSettings const settings = read_aws_settings(command.aws);
  try {
    run_with_s3(settings, command.memory_bytes,
                [&command](S3Session& session) { return make_zip(session, command); });
  } catch (Error const& error) {
    if (command.json) tell_failure(command, error);
    throw;
  }
}

}  // namespace

void add_zip_command(CLI::App& app) {
  auto const zip = std::make_shared<ZipCommand>();
  CLI::App* const command = app.add_subcommand("zip", "Zip objects of S3, without a server");
  add_zip_flags(*command, *zip);
  command->callback([zip] { run_zip(*zip); });
}

}  // namespace cli
