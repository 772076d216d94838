#include "cli/ls_command.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "base/visible_text.h"
#include "cli/interrupt.h"
#include "cli/open_archive.h"
#include "cli/progress_bar.h"

#include <cstdio>
#include <system_error>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>

namespace cli {
namespace {

struct LsCommand {
  aws::AwsFlags aws;
  std::string where;
  bool long_form = false;
  bool json = false;
};

std::string method_of(zip::ListedEntry const& entry) {
  std::string const method = entry.method == 0   ? "stored"
                             : entry.method == 8 ? "deflate"
                                                 : fmt::format("method {}", entry.method);
  return entry.is_encrypted() ? method + "*" : method;
}

std::string time_of(zip::ListedEntry const& entry) {
  return entry.modified ? base::rfc3339(*entry.modified) : "-";
}

std::string json_of(zip::ListedEntry const& entry) {
  boost::json::object fields{{"name", base::to_utf8(entry.name)},
                             {"size", entry.size},
                             {"compressed_size", entry.compressed_size},
                             {"method", entry.method},
                             {"crc32", fmt::format("{:08x}", entry.crc)},
                             {"encrypted", entry.is_encrypted()},
                             {"offset", entry.local_offset}};
  if (entry.modified) fields["modified"] = base::rfc3339(*entry.modified);
  return base::visible_json(boost::json::serialize(fields));
}

// Prints entries as they come, and counts them.
class Printer {
 public:
  explicit Printer(LsCommand const& command)
      : command_(command), terminal_(::isatty(STDOUT_FILENO) == 1) {
    if (in_columns())
      fmt::print("{:>14} {:>14}  {:<9} {:<8}  {:<20}  {}\n", "size", "in the zip", "method",
                 "crc-32", "modified", "name");
  }
  void print(zip::ListedEntry const& entry);
  void print_sums() const;

 private:
  bool in_columns() const { return command_.long_form && !command_.json; }

  LsCommand const& command_;
  bool terminal_;
  std::uint64_t count_ = 0, size_ = 0, compressed_size_ = 0;
};

void Printer::print(zip::ListedEntry const& entry) {
  ++count_;
  size_ += entry.size;
  compressed_size_ += entry.compressed_size;
  std::string const name = terminal_ ? base::visible(entry.name) : entry.name;
  if (command_.json) {
    fmt::print("{}\n", json_of(entry));
  } else if (command_.long_form) {
    fmt::print("{:>14} {:>14}  {:<9} {:08x}  {:<20}  {}\n", entry.size, entry.compressed_size,
               method_of(entry), entry.crc, time_of(entry), name);
  } else {
    fmt::print("{}\n", name);
  }
}

void Printer::print_sums() const {
  if (!in_columns()) return;
  fmt::print("{:>14} {:>14}  {} entries, {}\n", size_, compressed_size_, with_commas(count_),
             base::human_size(size_));
}

net::task<void> list(S3Session& session, LsCommand const& command) {
  archive::ArchiveBytes const bytes = co_await open_archive(session, command.where);
  Printer printer(command);
  zip::DirectoryReader::Take const print = [&](zip::ListedEntry const& entry) {
    printer.print(entry);
  };
  zip::End const end = co_await archive::list_entries(bytes, print);
  printer.print_sums();
  tell_bytes_behind(command.where, end);
}

void run_ls(LsCommand const& command) {
  base::set_log_level("error");
  aws::AwsSettings const settings = settings_for_archive(command.aws, command.where);
  try {
    run_with_s3(settings, base::limits::default_budget_bytes, [&command](S3Session& session) {
      return run_interruptible(list(session, command));
    });
  } catch (std::system_error const& error) {
    // The reader of the list, such as head, has had enough of it.
    if (error.code() != std::errc::broken_pipe) throw;
  }
}

}  // namespace

void add_ls_command(CLI::App& app) {
  auto const ls = std::make_shared<LsCommand>();
  CLI::App* const command =
      app.add_subcommand("ls", "List the entries of a zip in S3, or of a file, by ranged reads");
  command->add_option("archive", ls->where, "s3://bucket/archive.zip, or a file")->required();
  command->add_flag("-l,--long", ls->long_form, "With sizes, method, CRC-32 and time");
  command->add_flag("--json", ls->json, "A JSON object a line");
  add_aws_flags(*command, ls->aws);
  add_patience_flag(*command, ls->aws);
  command->callback([ls] { run_ls(*ls); });
}

}  // namespace cli
