#include "cli/get_command.h"

#include "archive/key_rules.h"
#include "archive/read/extract.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/open_archive.h"
#include "cli/progress_bar.h"
#include "cli/unpack_folder.h"
#include "net/task_group.h"
#include "zip/names.h"

#include <algorithm>
#include <cstdio>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace cli {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

struct GetCommand {
  aws::AwsFlags aws;
  std::string where;
  std::vector<std::string> names;
  std::string folder = ".";
  bool force = false;
  bool quiet = false;
};

// A name of the command line: an entry, a folder of entries, or a glob.
bool means(std::string_view wanted, std::string_view name) {
  if (name == wanted) return true;
  std::string folder(wanted);
  if (!folder.ends_with('/')) folder += '/';
  if (name.starts_with(folder)) return true;
  return archive::matches_glob(wanted, name);
}

bool is_link(zip::ListedEntry const& entry) {
  return S_ISLNK(entry.unix_mode().value_or(0));
}

bool is_executable(zip::ListedEntry const& entry) {
  return (entry.unix_mode().value_or(0) & S_IXUSR) != 0;
}

// The wanted entries of an archive, in the order of their places in it.
class Choice {
 public:
  explicit Choice(std::vector<std::string> const& names)
      : names_(names), found_(names.size(), false) {}

  void see(zip::ListedEntry entry) {
    bool wanted = names_.empty();
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (!means(names_[i], entry.name)) continue;
      wanted = true;
      found_[i] = true;
    }
    if (wanted) entries_.push_back(std::move(entry));
  }

  // All failures that can be foreseen come before anything is written.
  std::vector<zip::ListedEntry> take() {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (!found_[i])
        throw Error(Fault::not_found, zip::shown_name(names_[i]) + ": the zip has no such entry");
    }
    for (zip::ListedEntry const& entry : entries_) {
      check_entry_name(entry.name);
      if (is_link(entry))
        throw Error(Fault::bad_input, zip::shown_name(entry.name) + ": a symbolic link");
      zip::EntryReader const readable(entry);  // throws if it is not
    }
    std::ranges::sort(entries_, {}, &zip::ListedEntry::local_offset);
    return std::move(entries_);
  }

 private:
  std::vector<std::string> const& names_;
  std::vector<bool> found_;
  std::vector<zip::ListedEntry> entries_;
};

ShowAs progress_style(GetCommand const& command) {
  if (command.quiet) return ShowAs::nothing;
  return ::isatty(STDERR_FILENO) == 1 ? ShowAs::bar : ShowAs::lines;
}

class GetRun {
 public:
  GetRun(S3Session& session, GetCommand const& command)
      : session_(session),
        command_(command),
        bar_(progress_, progress_style(command), stderr),
        beside_(session.loop),
        extracting_(session.loop) {}

  net::task<void> run();

 private:
  net::task<void> get();
  net::task<void> get_entries(UnpackFolder const& folder);
  net::task<void> extract_into(zip::ListedEntry entry, UnpackFolder const& folder);
  net::task<void> extract_file(zip::ListedEntry entry, UnpackFolder const& folder);

  S3Session& session_;
  GetCommand const& command_;
  archive::LiveProgress progress_;
  ProgressBar bar_;
  archive::ArchiveBytes bytes_;
  std::vector<zip::ListedEntry> entries_;
  std::exception_ptr failure_;  // of the first entry that failed
  net::TaskGroup beside_;
  net::TaskGroup extracting_;
  std::optional<UnpackFolder> folder_;
};

net::task<void> end_of(net::TaskGroup& tasks) {
  tasks.cancel();
  while (tasks.running() > 0) co_await tasks.wait_one();
}

net::task<void> GetRun::run() {
  beside_.spawn(bar_.run());
  std::exception_ptr failure;
  try {
    co_await run_interruptible(get());
  } catch (...) {
    failure = std::current_exception();
  }
  co_await end_of(extracting_);
  co_await end_of(beside_);
  bar_.clear();
  if (failure) std::rethrow_exception(failure);
  if (!command_.quiet)
    fmt::print(stderr, "{} entries, {}\n", with_commas(entries_.size()),
               base::human_size(progress_.bytes_total));
}

net::task<void> GetRun::get() {
  bytes_ = co_await open_archive(session_, command_.where);
  Choice choice(command_.names);
  zip::DirectoryReader::Take const see = [&](zip::ListedEntry entry) {
    choice.see(std::move(entry));
  };
  zip::End const end = co_await archive::list_entries(bytes_, see);
  if (!command_.quiet) tell_bytes_behind(command_.where, end);
  entries_ = choice.take();
  progress_.entries_total = entries_.size();
  for (zip::ListedEntry const& entry : entries_) progress_.bytes_total += entry.size;
  bar_.listing_ended();
  folder_.emplace(command_.folder, command_.force ? UnpackFolder::Existing::replace
                                                  : UnpackFolder::Existing::refuse);
  co_await get_entries(*folder_);
}

net::task<void> GetRun::get_entries(UnpackFolder const& folder) {
  for (zip::ListedEntry const& entry : entries_) {
    if (entry.is_directory()) folder.make_folder(entry.name);
  }
  for (zip::ListedEntry const& entry : entries_) {
    while (extracting_.running() >= limits::entries_at_a_time) co_await extracting_.wait_one();
    if (failure_) break;
    extracting_.spawn(extract_into(entry, folder));
  }
  while (extracting_.running() > 0 && !failure_) co_await extracting_.wait_one();
  if (failure_) std::rethrow_exception(failure_);
  // The folders' times come last, as each new file changes its folder's.
  for (zip::ListedEntry const& entry : entries_) {
    if (entry.is_directory() && entry.modified) folder.set_time(entry.name, *entry.modified);
  }
}

net::task<void> GetRun::extract_into(zip::ListedEntry entry, UnpackFolder const& folder) {
  try {
    if (!entry.is_directory()) co_await extract_file(std::move(entry), folder);
    ++progress_.entries_done;
  } catch (...) {
    if (!failure_) failure_ = std::current_exception();
  }
}

net::task<void> GetRun::extract_file(zip::ListedEntry entry, UnpackFolder const& folder) {
  auto const file = folder.create_file(entry.name, is_executable(entry));
  zip::EntryReader::Take const write = [&](std::string_view content) {
    file->write(content);
    progress_.bytes_done += content.size();
  };
  auto const modified = entry.modified;
  co_await archive::extract(bytes_, std::move(entry), session_.blocks, session_.blocking, write);
  file->keep(modified);
}

net::task<void> get_all(S3Session& session, GetCommand const& command) {
  GetRun run(session, command);
  co_await run.run();
}

void run_get(GetCommand const& command) {
  base::set_log_level("error");
  aws::AwsSettings const settings = settings_for_archive(command.aws, command.where);
  run_with_s3(settings, limits::default_budget_bytes,
              [&command](S3Session& session) { return get_all(session, command); });
}

}  // namespace

void add_get_command(CLI::App& app) {
  auto const get = std::make_shared<GetCommand>();
  CLI::App* const command = app.add_subcommand(
      "get", "Extract entries of a zip in S3, or of a file, reading no more than these");
  command->add_option("archive", get->where, "s3://bucket/archive.zip, or a file")->required();
  command->add_option("name", get->names,
                      "Entries, folders, or globs such as '*.jpg'; all where none is given");
  command->add_option("-d,--dir", get->folder, "The folder to unpack into [.]");
  command->add_flag("-f,--force", get->force, "Replace files that exist");
  command->add_flag("-q,--quiet", get->quiet, "Say nothing but errors");
  add_aws_flags(*command, get->aws);
  add_patience_flag(*command, get->aws);
  command->callback([get] { run_get(*get); });
}

}  // namespace cli
