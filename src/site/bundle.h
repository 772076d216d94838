// The site's files, as tools/pack_site.mjs packs them into one text of bytes. Pure.
//
// The text begins with "s3zipper-site 1\n" and a line for each file, in the order of their paths:
// path, content type, hash of the content, and the sizes of three bodies, between tabs. An empty
// line ends the list; behind it stand the bodies in that order: plain, gzip, brotli. A body of no
// bytes is left out: compressed, it would be no smaller.
#pragma once

#include <string_view>
#include <vector>

namespace site {

struct File {
  std::string_view path;  // "/assets/main-1f2e3d4c.js"
  std::string_view type;  // "text/javascript; charset=utf-8"
  std::string_view hash;  // of the plain body, in hex
  // HTML stands in it as a template (html.h). The two others are of the page below "/".
  std::string_view plain = {};
  std::string_view gzip = {};    // may be empty
  std::string_view brotli = {};  // may be empty

  bool is_html() const { return type.starts_with("text/html"); }
};

class Bundle {
 public:
  // An empty bundle: no site.
  Bundle() = default;
  // The files point into `packed`, which may be empty. A text that is not as above stops the
  // program: the build has made it.
  explicit Bundle(std::string_view packed);

  bool empty() const { return files_.empty(); }
  std::vector<File> const& files() const { return files_; }
  // Null if there is none.
  File const* find(std::string_view path) const;
  // The page of a path: "/docs/a", with a slash at its end or without, is "/docs/a/index.html".
  File const* find_page(std::string_view path) const;

 private:
  std::vector<File> files_;  // by path
};

}  // namespace site
