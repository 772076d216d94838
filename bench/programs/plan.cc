// plan: the time that a plan takes to make once its objects are listed, and its memory. Prints one
// line of JSON.
//
//   plan [--entries 1000000]
//
// plan prints the seconds of freeze() (names, places), and of encoding the chunks that the store
// keeps and the ETag over them; the bytes an entry takes beside its name, by the plan's own account
// and by the growth of the process.
#include "archive/plan/freeze.h"
#include "base/limits.h"
#include "sockets.h"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  if (!(file >> all >> resident)) fail("/proc/self/statm");
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

// A selection such as the listing of a prefix makes: keys in a hundred folders, each with an ETag.
archive::Selection listed(std::size_t count) {
  archive::Selection selection;
  std::string_view const bucket = selection.texts.store("bench");
  for (std::size_t i = 0; i < count; ++i) {
    std::string const key = fmt::format("many/{:02}/{:07}.bin", i * 100 / count, i);
    std::string const etag = fmt::format("\"{:032x}\"", i);
    selection.objects.push_back({.bucket = bucket,
                                 .key = selection.texts.store(key),
                                 .etag = selection.texts.store(etag),
                                 .size = 1024,
                                 .modified = 1'704'067'200,
                                 .crc = std::nullopt,
                                 .folder_bytes = 5});
  }
  return selection;
}

void measure(std::size_t count) {
  std::uint64_t const before = resident_bytes();
  archive::Selection selection = listed(count);
  archive::Request request;
  request.bucket = "bench";
  auto const start = Clock::now();
  auto const archives = archive::freeze(std::move(selection), request, archive::Purpose::stream);
  double const freezing = seconds_since(start);
  archive::Plan const& plan = archives.front()->plan;
  auto const encoding_start = Clock::now();
  std::size_t stored = 0;
  archive::PlanEtag etag;
  for (std::size_t first = 0; first < count; first += base::limits::selection_chunk_entries) {
    std::size_t const some = std::min(base::limits::selection_chunk_entries, count - first);
    std::string const chunk = archive::encode_chunk(plan, first, some);
    etag.add_chunk(chunk);
    stored += chunk.size();
  }
  std::string const hash = etag.finish();
  double const encoding = seconds_since(encoding_start);
  std::uint64_t names = 0;
  for (std::size_t i = 0; i < count; ++i) names += plan.entry(i).name.size();
  auto const each = [&](std::uint64_t bytes) {
    return static_cast<double>(bytes - names) / static_cast<double>(count);
  };
  std::printf(
      "{\"entries\": %zu, \"freeze_seconds\": %.3f, \"encode_seconds\": %.3f, "
      "\"bytes_an_entry\": %.1f, \"resident_bytes_an_entry\": %.1f, \"stored_bytes\": %zu, "
      "\"etag\": %s}\n",
      count, freezing, encoding, each(plan.memory_bytes()), each(resident_bytes() - before), stored,
      hash.c_str());
}

}  // namespace
}  // namespace bench

int main(int count, char** arguments) {
  std::size_t entries = 1'000'000;
  CLI::App app("measures the making of a plan");
  app.add_option("--entries", entries)->check(CLI::PositiveNumber);
  CLI11_PARSE(app, count, arguments);
  bench::measure(entries);
  return 0;
}
