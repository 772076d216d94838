// A text that must not be seen: it prints as stars and its bytes are erased when it dies.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <sodium.h>

namespace base {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(Secret const&) = default;
  Secret(Secret&& other) noexcept : text_(std::exchange(other.text_, {})) {}
  Secret& operator=(Secret other) noexcept {
    text_.swap(other.text_);
    return *this;
  }
  ~Secret() { sodium_memzero(text_.data(), text_.size()); }

  std::string const& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }
  bool operator==(Secret const&) const = default;

 private:
  std::string text_;
};

}  // namespace base
