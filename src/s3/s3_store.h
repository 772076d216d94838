// The ObjectStore that is S3: builds requests with requests.h, signs them, sends them over pooled
// connections, retries as faults.h says, and reads answers with replies.h.
#pragma once

#include "aws/canonical.h"
#include "aws/credentials.h"
#include "aws/endpoint.h"
#include "aws/sigv4.h"
#include "aws/sources/own_credentials.h"
#include "base/limits.h"
#include "base/log.h"
#include "http/pool.h"
#include "s3/ailing.h"
#include "s3/bucket_set.h"
#include "s3/clocks.h"
#include "s3/counts.h"
#include "s3/messages/faults.h"
#include "s3/patience.h"
#include "s3/store.h"
#include "s3/window.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace s3 {

// The state that all stores of the process share. Thread-safe; outlives them.
struct Shared {
  aws::Signer signer;
  Window window;
  Counts counts;
  Clocks clocks;
  // If no byte moves for this long, the connection is closed and the request tried again.
  std::chrono::milliseconds idle_timeout = base::limits::idle_io_timeout;
  // Tells people of trouble that the store waits out.
  std::function<void(std::string const&)> warn = [](std::string const& text) {
    base::log_warning(text);
  };
  aws::OwnCredentials own;
  BucketSet want_checksums;  // their buckets take no body without Content-MD5
  // The only buckets that calls go to; empty: all. Set before the first call.
  std::vector<std::string> allowed_buckets;
};

class S3Store final : public ObjectStore {
 public:
  // `pool` and `shared` are borrowed; the pool is of the loop that this store is used on. Without
  // `endpoint.region` the store asks for each bucket's region. Without `credentials` it signs with
  // the server's own. Calls fail with Error{forbidden} for a bucket that is not allowed, by the
  // server or by the credentials. The User-Agent tells `made_for` ("job <id>").
  S3Store(Shared& shared, http::ConnectionPool& pool, aws::Endpoint endpoint,
          aws::Credentials credentials, std::string_view made_for = {});

  // From now on all reads (HeadObject, GetObject, ListObjectsV2) say that the requester pays.
  void set_requester_pays(bool requester_pays) { requester_pays_ = requester_pays; }
  // From now on the store is for the one object that this presigned URL is of: reads of it, and
  // head_object(), which asks for its first byte, as the URL is signed for GET alone. They are not
  // signed otherwise. Set before the first call.
  void set_link(std::string_view url);
  // Set before the first call.
  void set_patience(Patience patience) { patience_ = std::move(patience); }

  net::task<std::vector<ListedBucket>> list_buckets() override;
  net::task<Headed> head_object(ObjectName object) override;
  net::task<ListPage> list_objects(std::string bucket, ListOptions options) override;
  net::task<void> read(ObjectRange from, Landing& into) override;
  net::task<Written> put_object(ObjectName object, PutOptions options,
                                std::span<std::string_view const> body) override;
  net::task<CreatedUpload> create_upload(ObjectName object, CreateUploadOptions options) override;
  net::task<Written> upload_part(ObjectName object, PartOptions options,
                                 std::span<std::string_view const> body) override;
  net::task<std::optional<std::vector<ListedPart>>> list_parts(ObjectName object,
                                                               std::string upload_id) override;
  net::task<CompletedUpload> complete_upload(ObjectName object, CompleteOptions options) override;
  net::task<void> delete_object(ObjectName object) override;
  net::task<void> abort_upload(ObjectName object, std::string upload_id) override;
  net::task<void> abort_other_uploads(ObjectName object, std::string kept_upload_id) override;
  // The unfinished uploads to this key; their owners cannot be seen.
  net::task<std::vector<ListedUpload>> list_uploads(ObjectName object);
  net::task<std::string> presign(ObjectName object, std::chrono::seconds life) override;
  net::task<std::string> url(ObjectName object) override;
  bool has_room() const override { return shared_.window.has_room(); }
  std::string const& endpoint_url() const override { return endpoint_url_; }
  void limit_patience(std::chrono::milliseconds time) override { patience_.limit(time); }
  bool has_given_up() const override { return has_given_up_; }

 private:
  struct Reply {
    http::Response head;
    std::string body;
    bool nothing = false;      // there is no such object; the head is that of a refusal
    bool maybe_twice = false;  // a try before this one got no answer, and may have been carried out
  };
  // A call's content: `build` runs for each attempt, as the target may move.
  struct Outgoing {
    Call call;
    ObjectName object;  // key empty for a bucket
    std::function<http::Request(aws::Target const&)> build;
    std::span<std::string_view const> body = {};
    std::string payload_hash = std::string(aws::empty_payload_hash);
    bool may_find_nothing = false;  // then "not found" is an answer
    bool leaves_body = false;       // of a reply that is no error
    std::chrono::milliseconds timeout = base::limits::s3_call_timeout;  // of one try
    std::string content_md5 = {};  // of the body, base64; empty: it is not sent
  };
  struct Tried {
    Reply reply;
    std::optional<base::Error> failure;  // of the connection; there is no reply then
  };
  // A call, and its tries so far.
  struct CallHistory {
    CallHistory(Call what, ObjectName of) : call(what), object(std::move(of)) {}
    Attempt attempt() const { return {call, object.bucket, object.key, region}; }
    std::string name() const { return shown(object.bucket, object.key); }
    Call call;
    ObjectName object;
    std::string region;
    Patience::Clock::time_point begun = {};  // the start of this try, or its last recovery
    // The offset that the request was signed with. A refusal's lesson about the clock stays this
    // call's own, as another call may learn a different one from another machine of the store.
    base::UnixSeconds clock_offset = 0;
    int clock_corrections = 0;
    int tries = 0;     // tries that have failed
    int failures = 0;  // in a row, for pauses
    int redirects = 0;
    std::uint64_t credentials_version = 0;  // version of our own, that it was signed with
    bool credentials_replaced = false;
    // The time from which the call has failed; none while all is well.
    std::optional<Patience::Clock::time_point> since = {};
    std::optional<AilingObjects::Turn> turn = {};  // of reads
  };

  // A GET that was answered; its body is on the connection.
  struct Opened {
    std::optional<http::ConnectionPool::Lease> connection;
    http::Response head;
    std::optional<ErrorReply> refusal;  // read to its end
  };
  // The manner in which a GET asks, as not all stores take all of it.
  struct Manner {
    bool conditional = true;  // with If-Match; else ETags are compared afterwards
    bool packed = false;      // GetOptions::packed
  };

  net::task<std::uint64_t> ask_for_size(ObjectName object);
  net::task<Reply> ask_for_first_byte(ObjectName object);
  net::task<Headed> head_by_link(ObjectName object);
  net::task<Reply> call(Outgoing outgoing);
  net::task<Tried> try_once(Outgoing const& outgoing, CallHistory& history);
  net::task<Reply> attempt(Outgoing const& outgoing, CallHistory& history);
  // One GET of the missing part of `into`. Gives S3's refusal.
  net::task<std::optional<ErrorReply>> read_once(ObjectRange from, Landing& into,
                                                 CallHistory& history);
  net::task<void> expect_end(ObjectName const& object, http::ConnectionPool::Lease& lease);
  net::task<Opened> open_get(ObjectRange from, base::Extent wanted, Manner manner,
                             CallHistory& history);
  net::task<void> receive(ObjectName const& object, http::ConnectionPool::Lease& lease,
                          Landing& into);
  net::task<http::ConnectionPool::Lease> connect(aws::Target const& target,
                                                 CallHistory const& history);
  net::task<http::Response> exchange(http::ConnectionPool::Lease& lease, http::Request& request,
                                     std::string_view payload_hash,
                                     std::span<std::string_view const> body, CallHistory& history);

  // These wait before another try, or throw if trying again is of no use.
  net::task<void> after_error(CallHistory& history, ErrorReply reply);
  net::task<void> after_failure(CallHistory& history, base::Error error);
  net::task<void> follow_redirect(CallHistory& history, ErrorReply const& reply,
                                  base::Error const& error);
  net::task<void> pause(CallHistory& history, base::Error error,
                        std::optional<std::chrono::seconds> retry_after = {});
  // True if the next try is to be signed by another clock.
  bool correct_clock(CallHistory& history, ErrorReply const& reply);
  // True if the next try is signed with other credentials of our own; throws if they cannot be had.
  net::task<bool> replace_credentials(CallHistory& history, ErrorReply const& reply,
                                      base::Error const& error);
  bool signs_with_own() const { return credentials_.access_key.empty() && !link_; }
  // HeadObject's answer has no body: if `bare` says too little, GetObject's refusal for the same
  // object takes its place. True if another call has learned meanwhile where the bucket is.
  net::task<bool> find_reason(CallHistory& history, ErrorReply& bare);
  net::task<ErrorReply> ask_for_reason(CallHistory const& history, ErrorReply bare);
  bool has_learned_region(CallHistory const& history) const;
  void note_recovery(CallHistory& history);
  void note_answer(aws::Target const& where);
  bool may_pass(base::Error const& error, CallHistory const& history) const;
  // The time for a try; `most` if nothing has failed.
  std::chrono::milliseconds time_for_try(CallHistory const& history,
                                         std::chrono::milliseconds most) const;
  [[noreturn]] void give_up(Call call, base::Error const& error);
  net::task<void> find_region(std::string bucket);

  std::string const& region_of(std::string_view bucket) const;
  // Error{forbidden} for a bucket that is not allowed.
  void check_allowed(std::string const& bucket) const;
  aws::Target target(ObjectName const& object) const;
  aws::Credentials signing_credentials() const;
  // The time by the store's clock.
  base::UnixSeconds now() const { return clock_->now(); }

  Shared& shared_;
  http::ConnectionPool& pool_;
  aws::Endpoint endpoint_;
  std::string endpoint_url_;
  aws::Credentials credentials_;
  std::string user_agent_;
  bool requester_pays_ = false;
  std::optional<aws::Target> link_;  // set_link()'s; its path has the query, too
  std::map<std::string, std::string, std::less<>> bucket_regions_;
  std::shared_ptr<StoreClock> const clock_;
  Patience patience_;
  AilingObjects ailing_;
  std::set<std::string> answered_hosts_;
  bool has_given_up_ = false;
  std::map<std::string, Manner, std::less<>> manners_;  // by bucket, as answers have taught them
};

}  // namespace s3
