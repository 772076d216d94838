// A store's reply, head and body, given to every function that reads one.
#include "base/error.h"
#include "fuzzer.h"
#include "http/parser.h"
#include "s3/messages/faults.h"
#include "s3/messages/replies.h"

namespace {

// What reads the reply, or says that it is not what was asked for.
template <class Deed>
void attempt(Deed deed) {
  try {
    deed();
  } catch (base::Error const& error) {
    fuzz::require(error.fault() == base::Fault::corrupt, "a reply that makes no sense is corrupt");
  }
}

void require_page(s3::ListPage const& page) {
  fuzz::require(!page.is_truncated || !page.next_continuation_token.empty(),
                "a listing that goes on says where");
  for (s3::ListedObject const& object : page.objects)
    fuzz::require(!object.key.empty(), "an object has a key");
}

void require_parts(s3::PartsPage const& page) {
  bool const goes_on =
      !page.is_truncated || (!page.parts.empty() && page.next_marker >= page.parts.back().number);
  fuzz::require(goes_on, "a list of parts that goes on says where");
}

// Cuts the head off; where there is none, all is the body of a plain 200.
http::Response take_head(std::string_view& input) {
  try {
    http::Parser parser(http::Side::response);
    std::size_t const head = parser.feed_head(input);
    if (head == 0) return {};
    input.remove_prefix(head);
    return parser.response();
  } catch (base::Error const&) {
    return {};
  }
}

void run(std::string_view input) {
  std::string_view body = input;
  http::Response const response = take_head(body);
  auto const error = s3::find_error(response, body);
  if (error) fuzz::require(!error->code.empty(), "an error has a code");
  if (response.status >= 300) fuzz::require(error.has_value(), "another status is an error");
  s3::content_range(response);
  s3::bucket_region(response);
  attempt([&] { s3::parse_object(s3::Call::get_object, response); });
  attempt([&] { require_page(s3::parse_list_page(body)); });
  attempt([&] { s3::parse_written(s3::Call::put_object, response); });
  attempt([&] {
    auto const created = s3::parse_created_upload(response, body);
    fuzz::require(!created.upload_id.empty(), "an upload has an id");
  });
  attempt([&] {
    for (s3::ListedBucket const& bucket : s3::parse_buckets(body))
      fuzz::require(!bucket.name.empty(), "a bucket has a name");
  });
  attempt([&] { require_parts(s3::parse_parts_page(body)); });
  attempt([&] { s3::parse_completed_upload(response, body); });
}

fuzz::Registered const registered("s3_replies", run);

}  // namespace
