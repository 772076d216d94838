#include "site/bundle.h"

#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <string>

namespace site {
namespace {

constexpr std::string_view first_line = "s3zipper-site 1";
constexpr std::size_t fields_of_a_line = 6;

std::string_view take_line(std::string_view& text) {
  std::size_t const end = text.find('\n');
  base::check(end != std::string_view::npos, "the site's list of files has an end");
  std::string_view const line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

struct Sizes {
  std::size_t plain, gzip, brotli;
};

std::size_t size_in(std::string_view field) {
  auto const size = base::parse_uint(field);
  base::check(size.has_value(), "the site's list of files has sizes");
  return *size;
}

std::string_view take(std::string_view& bodies, std::size_t size) {
  base::check(size <= bodies.size(), "the site has all bodies that its list names");
  std::string_view const body = bodies.substr(0, size);
  bodies.remove_prefix(size);
  return body;
}

}  // namespace

Bundle::Bundle(std::string_view packed) {
  if (packed.empty()) return;
  base::check(take_line(packed) == first_line, "the site is packed as this program reads it");
  std::vector<Sizes> sizes;
  for (std::string_view line = take_line(packed); !line.empty(); line = take_line(packed)) {
    std::vector<std::string_view> const fields = base::split(line, '\t');
    base::check(fields.size() == fields_of_a_line, "a file of the site has all fields");
    files_.push_back({.path = fields[0], .type = fields[1], .hash = fields[2]});
    sizes.push_back({size_in(fields[3]), size_in(fields[4]), size_in(fields[5])});
  }
  for (std::size_t i = 0; i < files_.size(); ++i) {
    files_[i].plain = take(packed, sizes[i].plain);
    files_[i].gzip = take(packed, sizes[i].gzip);
    files_[i].brotli = take(packed, sizes[i].brotli);
  }
  base::check(packed.empty(), "the site has no bodies but those that its list names");
  base::check(std::ranges::is_sorted(files_, {}, &File::path), "the site's files are in order");
}

File const* Bundle::find(std::string_view path) const {
  auto const found = std::ranges::lower_bound(files_, path, {}, &File::path);
  return found != files_.end() && found->path == path ? &*found : nullptr;
}

File const* Bundle::find_page(std::string_view path) const {
  std::string name(path.ends_with('/') ? path.substr(0, path.size() - 1) : path);
  return find(name + "/index.html");
}

}  // namespace site
