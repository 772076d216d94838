// The values of settings: each function reads the text of one kind, and throws Error{bad_input}
// with a message that goes on where the setting's name ends. Pure, but for the log's settings,
// which are tried by setting them.
#pragma once

#include "server/config.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace server {

std::vector<std::string> to_list(std::string_view text);  // items between commas
std::size_t to_count(std::string_view text, std::size_t least, std::size_t most);
std::uint64_t to_budget(std::string_view text);
std::chrono::milliseconds to_patience(std::string_view text);
bool to_flag(std::string_view text);
bool to_addressing(std::string_view text);  // true: buckets stand in the host
bool to_auth_mode(std::string_view text);   // true: without accounts
accounts::Registration to_registration(std::string_view text);

std::string to_address(std::string_view text);  // where to listen: "127.0.0.1:8080"
std::vector<net::Network> to_networks(std::string_view text);
std::string to_endpoint(std::string_view text);  // as aws::to_url() writes it; may be empty
std::string to_base_url(std::string_view text);  // without a slash at its end; may be empty
std::string to_mail_url(std::string_view text);
std::string to_mail_address(std::string_view text);
std::vector<std::string> to_origins(std::string_view text);  // of browsers; or "*"

std::string to_log_level(std::string_view text);
std::string to_log_format(std::string_view text);
void set_allowed_buckets(Config& config, std::string_view text);

}  // namespace server
