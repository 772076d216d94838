// Single S3 requests whose answers are looked at as they are: for finding out what a store can do.
// Work that wants a result goes through ObjectStore. All of a prober's requests are for one bucket.
#pragma once

#include "s3/s3_store.h"

namespace s3 {

class Prober {
 public:
  struct Reply {
    http::Response head;
    std::string body;
    std::optional<ErrorReply> error;
    std::string said() const;  // "501 NotImplemented"
  };

  // All is borrowed but endpoint and credentials; the pool is of the loop that this is used on.
  Prober(Shared& shared, http::ConnectionPool& pool, aws::Endpoint endpoint,
         aws::Credentials credentials, std::string bucket);

  // From here on requests go to the bucket's own region. Error{not_found} where there is none.
  net::task<void> find_region();
  std::string const& bucket() const { return bucket_; }
  aws::Target target(std::string_view key = {}) const {
    return aws::target_of(endpoint_, bucket_, key);
  }

  // Between these, send() throws base::Cancelled instead of sending. What has been sent is waited
  // for: nobody knows what becomes of a call that is left in the middle.
  void stop() { stopped_ = true; }
  void go_on() { stopped_ = false; }

  // Signed. Connections that fail and answers that are for the moment (503) are tried again.
  net::task<Reply> send(http::Request request, std::string body = {});
  // A presigned link's answer to whoever has no credentials; `request` says what the link is for.
  net::task<Reply> send_presigned(http::Request request);

 private:
  net::task<Reply> send_anyhow(http::Request request, std::string body, bool is_signed);
  bool is_in_other_region(ErrorReply const& error);
  net::task<Reply> send_once(http::Request request, std::string body);

  Shared& shared_;
  http::ConnectionPool& pool_;
  aws::Endpoint endpoint_;
  aws::Credentials credentials_;
  std::string bucket_;
  std::shared_ptr<StoreClock> const clock_;
  bool stopped_ = false;
  bool may_move_ = true;  // to another region, once
};

}  // namespace s3
