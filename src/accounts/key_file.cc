#include "accounts/key_file.h"

#include "base/error.h"
#include "base/random.h"
#include "base/text.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sodium.h>

namespace accounts {
namespace {

constexpr std::string_view file_mark = "s3zipper-key-1:";
constexpr std::size_t hex_digits = 2 * master_key_bytes;
constexpr std::size_t file_bytes = file_mark.size() + hex_digits + 1;

class File {
 public:
  File(std::string const& path, int flags, mode_t mode = 0)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  File(File const&) = delete;
  File& operator=(File const&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

[[noreturn]] void throw_for(std::string const& path, std::string_view what) {
  throw base::Error(base::Fault::config, fmt::format("key file {}: {}", path, what));
}

[[noreturn]] void throw_system(std::string const& path, std::string_view what) {
  throw_for(path, fmt::format("{}: {}", what, std::strerror(errno)));
}

void refuse_what_others_can_read(std::string const& path, File const& file) {
  struct stat about{};
  if (::fstat(file.descriptor(), &about) != 0) throw_system(path, "cannot be read");
  if (!S_ISREG(about.st_mode)) throw_for(path, "is not a regular file");
  if (about.st_mode & (S_IRWXG | S_IRWXO)) {
    throw_for(path, fmt::format("others can read or change it (mode {:04o}); run: chmod 600 {}",
                                about.st_mode & 07777, path));
  }
}

// Reads at most one byte more than a key file has.
base::Secret read_text(std::string const& path, File const& file) {
  std::string text(file_bytes + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    ssize_t const count = ::read(file.descriptor(), text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_system(path, "cannot be read");
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  return base::Secret(std::move(text));
}

base::Secret parse(std::string const& path, std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  std::string key(master_key_bytes, '\0');
  std::size_t decoded = 0;
  bool whole = text.size() == file_mark.size() + hex_digits && text.starts_with(file_mark);
  if (whole) {
    text.remove_prefix(file_mark.size());
    // Takes the same time for every digit, as tables would not.
    sodium_hex2bin(reinterpret_cast<unsigned char*>(key.data()), key.size(), text.data(),
                   text.size(), nullptr, &decoded, nullptr);
  }
  base::Secret out(std::move(key));
  if (decoded == master_key_bytes) return out;
  throw_for(path, fmt::format("is not a key file: one line, \"{}\" and {} hex digits", file_mark,
                              hex_digits));
}

// nullopt if there is no such file.
std::optional<base::Secret> load(std::string const& path) {
  File const file(path, O_RDONLY | O_NONBLOCK);  // a pipe is refused rather than waited for
  if (!file.is_open() && errno == ENOENT) return std::nullopt;
  if (!file.is_open()) throw_system(path, "cannot be read");
  refuse_what_others_can_read(path, file);
  base::Secret const text = read_text(path, file);
  return parse(path, text.reveal());
}

base::Secret new_file_text() {
  base::Secret const key(base::random_bytes(master_key_bytes));
  std::string text;
  text.reserve(file_bytes + 1);  // or growing would leave copies
  text = file_mark;
  text.resize(file_mark.size() + hex_digits + 1);
  sodium_bin2hex(text.data() + file_mark.size(), hex_digits + 1,
                 reinterpret_cast<unsigned char const*>(key.reveal().data()), master_key_bytes);
  text.back() = '\n';
  return base::Secret(std::move(text));
}

void write_durably(std::string const& path, File const& file, base::Secret const& text) {
  ssize_t const count = ::write(file.descriptor(), text.reveal().data(), text.reveal().size());
  bool const whole = count == static_cast<ssize_t>(text.reveal().size());
  if (!whole || ::fsync(file.descriptor()) != 0) throw_system(path, "cannot be written");
}

// The file is made under another name and then linked: no process sees half a file, and of two that
// do this at once one makes the key and the other finds it made: false.
bool create(std::string const& path) {
  std::string const draft = path + ".new-" + base::random_text(8);
  File const file(draft, O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (!file.is_open()) throw_system(path, "cannot be made");
  struct RemoveDraft {
    std::string const& name;
    ~RemoveDraft() { ::unlink(name.c_str()); }
  } const remove_draft{draft};
  write_durably(path, file, new_file_text());
  bool const made = ::link(draft.c_str(), path.c_str()) == 0;
  if (!made && errno != EEXIST) throw_system(path, "cannot be made");
  std::filesystem::path const folder = std::filesystem::absolute(path).parent_path();
  File const directory(folder.string(), O_RDONLY | O_DIRECTORY);
  if (!directory.is_open() || ::fsync(directory.descriptor()) != 0) {
    throw_system(path, "its folder cannot be written");
  }
  return made;
}

base::Secret load_existing(std::string const& path) {
  std::optional<base::Secret> key = load(path);
  if (!key)
    throw_for(path,
              "does not exist; restore it from a copy, as what was sealed with it opens with "
              "no other key");
  return *std::move(key);
}

}  // namespace

Keys load_keys(std::span<std::string const> paths) {
  std::vector<base::Secret> keys;
  for (std::string const& path : paths) keys.push_back(load_existing(path));
  return Keys(keys);
}

void create_key_file(std::string const& path) {
  if (!create(path))
    throw base::Error(base::Fault::conflict, fmt::format("key file {}: exists already", path));
}

Keys load_or_create_keys(std::span<std::string const> paths) {
  if (!paths.empty() && !load(paths.front())) create(paths.front());
  return load_keys(paths);
}

}  // namespace accounts
