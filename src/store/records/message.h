// Messages that are sent when a job or link has ended, well or badly: mails and webhook deliveries.
// They are deleted with their job or link.
#pragma once

#include "base/clock.h"

#include <array>
#include <string>
#include <string_view>

namespace store {

enum class MessageState {
  waiting,   // for its owner's end, or for its first attempt
  retrying,  // an attempt has failed
  sent,
  failed,  // given up
};
inline constexpr std::array all_message_states{MessageState::waiting, MessageState::retrying,
                                               MessageState::sent, MessageState::failed};

constexpr std::string_view name(MessageState state) {
  constexpr std::array<std::string_view, all_message_states.size()> names{"waiting", "retrying",
                                                                          "sent", "failed"};
  return names.at(static_cast<std::size_t>(state));
}

constexpr bool has_ended(MessageState state) {
  return state == MessageState::sent || state == MessageState::failed;
}

// A mail that tells of an ended job, or of a link's URLs; it comes second in the API's chains.
struct Mail {
  std::string id;          // a uuid
  std::string owner_id;    // the job or link
  std::string account_id;  // the owner's; callers compare
  int api_version = 0;     // 1 or 2
  std::string address;
  std::string link_base;  // the beginning of a link's URLs
  MessageState state = MessageState::waiting;
  int round = 0;  // one more each time its job runs anew
  int attempts = 0;
  std::string error;  // of the last attempt, or why it is not sent at all
  base::UnixSeconds created_at = 0;
  base::UnixSeconds due_at = 0;  // 0: its owner has not ended, or it has itself
  bool operator==(Mail const&) const = default;
};

// A message to a webhook.
struct Delivery {
  std::string id;        // a uuid
  std::string owner_id;  // the job or link
  std::string account_id;
  std::string host;        // of the URL, with the port
  std::string sealed_url;  // for this delivery's id: a URL may hold a secret
  std::string link_base;   // the beginning of a link's URLs
  MessageState state = MessageState::waiting;
  int attempts = 0;
  int last_status = 0;  // of HTTP; 0: there was no answer yet
  std::string error;    // of the last attempt
  base::UnixSeconds created_at = 0;
  base::UnixSeconds due_at = 0;  // as a mail's
  bool operator==(Delivery const&) const = default;
};

// One attempt to deliver.
struct Attempt {
  int status = 0;     // of HTTP; 0: there was no answer
  std::string error;  // empty: it was delivered
};

}  // namespace store
