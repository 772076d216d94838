#include "server/reload.h"

#include "base/error.h"
#include "base/log.h"
#include "net/tls_server.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace server {
namespace {

constexpr std::array<std::string_view, 2> changeable{"log_level", "log.format"};

void set_log(Config const& config) {
  base::set_log_level(config.log_level);
  base::set_log_format(config.log_format);
}

std::optional<std::string> value_of(Values const& values, std::string const& key) {
  auto const found = values.find(key);
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

// The settings that differ between the two.
std::vector<std::string> different(Values const& one, Values const& other) {
  std::vector<std::string> keys;
  for (Setting const& setting : settings()) {
    std::string key(setting.key);
    if (value_of(one, key) != value_of(other, key)) keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace

void Reloading::reload() {
  if (tls_ == nullptr && in_use_.file.empty()) {
    base::log_info(
        "SIGHUP: there is nothing to read again, neither a configuration file nor a "
        "certificate");
    return;
  }
  if (!in_use_.file.empty()) read_settings();
  if (tls_ != nullptr) tls_->reload(net::TlsServer::When::now);
}

void Reloading::read_settings() {
  try {
    take(read_());
  } catch (base::Error const& error) {
    set_log(make_config({in_use_.values}));  // wrong settings may have got as far as that
    base::log_error(fmt::format("SIGHUP: the settings stay as they are: {}", error.what()));
  }
}

void Reloading::take(GivenSettings const& read) {
  if (read.file.empty())
    throw base::Error(base::Fault::config, in_use_.file + ": is not there any more");
  set_log(make_config({read.values}));
  std::string later;
  for (std::string const& key : different(in_use_.values, read.values)) {
    if (std::ranges::find(changeable, key) != changeable.end()) continue;
    later += (later.empty() ? "" : ", ") + key;
  }
  for (std::string_view const key : changeable) {
    auto const value = value_of(read.values, std::string(key));
    in_use_.values.erase(std::string(key));
    if (value) in_use_.values.emplace(key, *value);
  }
  base::log_info(fmt::format("SIGHUP: log_level and log.format were read again from {}{}{}",
                             in_use_.file,
                             later.empty() ? "" : "; these change at the next start: ", later));
}

}  // namespace server
