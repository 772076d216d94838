// Single S3 requests with their answers as they are, for finding out what a store can do. Work that
// wants a result goes through ObjectStore. All of a prober's requests are for one bucket.
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

  // Borrows all but endpoint and credentials; the pool is of the prober's loop.
  Prober(Shared& shared, http::ConnectionPool& pool, aws::Endpoint endpoint,
         aws::Credentials credentials, std::string bucket);

  // From here on requests go to the bucket's own region. Error{not_found} where there is none.
  net::task<void> find_region();
  std::string const& bucket() const { return bucket_; }
  aws::Target target(std::string_view key = {}) const {
    return aws::target_of(endpoint_, bucket_, key);
  }

  // Between stop() and go_on(), send() throws base::Cancelled instead of sending. A request under
  // way is waited for: the fate of a call that is left in the middle is unknown.
  void stop() { stopped_ = true; }
  void go_on() { stopped_ = false; }

  // Sends the request signed. Broken connections and passing refusals (503) are tried again.
  net::task<Reply> send(http::Request request, std::string body = {});
  // The answer to a presigned link without credentials; `request` says what the link is for.
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
