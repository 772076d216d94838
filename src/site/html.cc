#include "site/html.h"

namespace site {
namespace {

constexpr std::string_view relative = "=\"./";
constexpr std::string_view base = "data-base=\"/\"";

std::string escaped(std::string_view text) {
  std::string out;
  for (char const c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

void append_tag(std::string& out, std::string_view tag, std::string const& root) {
  if (tag.find('"') == std::string_view::npos) {  // most of a page's tags
    out += tag;
    return;
  }
  std::string changed(tag);
  replace_all(changed, relative, "=\"" + root);
  replace_all(changed, base, "data-base=\"" + root + '"');
  out += changed;
}

}  // namespace

std::string html_below(std::string_view prefix, std::string_view page) {
  std::string const root = escaped(prefix) + '/';
  std::string out;
  out.reserve(page.size() + page.size() / 8);
  for (;;) {
    std::size_t const open = page.find('<');
    std::size_t const close = page.find('>', open);
    if (close == std::string_view::npos) break;
    out += page.substr(0, open);
    append_tag(out, page.substr(open, close + 1 - open), root);
    page.remove_prefix(close + 1);
  }
  out += page;
  return out;
}

}  // namespace site
