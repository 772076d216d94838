#include "sandbox/buckets/folder_scan.h"

#include <chrono>
#include <optional>
#include <string_view>

namespace sandbox {
namespace {

// Kernels stamp files with a coarse clock: within this time, two changes may bear one stamp.
constexpr std::int64_t stamp_grain_ns = 50'000'000;

std::string_view path_of(std::string_view prefix) {
  return prefix.empty() ? prefix : prefix.substr(0, prefix.size() - 1);
}

std::int64_t now_ns() {
  auto const now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

}  // namespace

void FolderScan::run(Listener const& listener) {
  if (seen_.empty()) seen_.emplace("", -1);
  std::vector<std::string> known;
  for (auto const& [prefix, modified_ns] : seen_) known.push_back(prefix);
  for (std::string const& prefix : known) {
    auto const modified_ns = folder_modified_ns(root_.get(), path_of(prefix));
    if (!modified_ns) {
      seen_.erase(prefix);
      listener.gone(prefix);
    } else if (seen_[prefix] != *modified_ns) {
      read(prefix, *modified_ns, listener);
    }
  }
}

void FolderScan::read(std::string const& prefix, std::int64_t modified_ns,
                      Listener const& listener) {
  std::vector<std::string> pending{prefix};
  while (!pending.empty()) {
    std::string const current = std::move(pending.back());
    pending.pop_back();
    if (current != prefix) {
      auto const found = folder_modified_ns(root_.get(), path_of(current));
      if (!found) continue;
      modified_ns = *found;
    }
    File const folder = open_folder_below(root_.get(), path_of(current));
    if (!folder) continue;
    seen_[current] = now_ns() - modified_ns < stamp_grain_ns ? -1 : modified_ns;
    std::vector<FolderEntry> entries;
    read_folder(folder, [&entries](FolderEntry const& entry) { entries.push_back(entry); });
    for (FolderEntry const& entry : entries) {
      std::string const below = current + entry.name + "/";
      if (entry.is_folder && !seen_.contains(below)) pending.push_back(below);
    }
    listener.changed(current, entries);
  }
}

}  // namespace sandbox
