// ListBuckets, CreateBucket, HeadBucket and DeleteBucket.
#include "base/text.h"
#include "sandbox/calls/calls.h"
#include "sandbox/owner.h"
#include "sandbox/refusal.h"
#include "sandbox/xml_writer.h"

#include <functional>

#include <pugixml.hpp>

namespace sandbox {
namespace {

// The LocationConstraint of CreateBucket's body; empty where there is none.
std::string location_constraint(std::string const& text) {
  if (base::trim(text).empty()) return {};
  pugi::xml_document document;
  if (!document.load_buffer(text.data(), text.size())) throw refusal("MalformedXML");
  return document.child("CreateBucketConfiguration").child_value("LocationConstraint");
}

}  // namespace

net::task<void> list_buckets(Call& call) {
  auto const list = [&call] { return call.store.list(); };
  std::vector<BucketInfo> const buckets = co_await call.pool.get(list);
  XmlWriter xml("ListAllMyBucketsResult");
  write_owner(xml);
  xml.open("Buckets");
  for (BucketInfo const& bucket : buckets) {
    xml.open("Bucket");
    xml.text("Name", bucket.name);
    xml.text("CreationDate", s3_time(bucket.created));
    xml.close();
  }
  co_await answer_xml(call, xml.finish());
}

net::task<void> create_bucket(Call& call) {
  std::string const body = co_await read_document(call);
  std::string const location = location_constraint(body);
  if (!location.empty() && location != call.region)
    throw refusal("IllegalLocationConstraintException");
  auto const create = [&call] { return call.store.create(call.bucket); };
  bool const is_new = co_await call.pool.get(create);
  // us-east-1 keeps its old behaviour: creating one's own bucket again is no error there.
  if (!is_new && call.region != "us-east-1") throw refusal("BucketAlreadyOwnedByYou");
  http::Response head = answer_head(call);
  head.headers.add("Location", "/" + call.bucket);
  co_await call.wire.respond(std::move(head), std::string());
}

net::task<void> head_bucket(Call& call) {
  auto const find = [&call] { return call.open_bucket(); };
  co_await call.pool.get(find);
  http::Response head = answer_head(call);
  head.headers.add("x-amz-bucket-region", call.region);
  head.headers.add("Content-Type", "application/xml");
  co_await call.wire.respond(std::move(head), std::string());
}

net::task<void> delete_bucket(Call& call) {
  std::function<void()> const remove = [&call] { call.store.remove(call.bucket); };
  co_await call.pool.run(remove);
  co_await answer_empty(call, 204);
}

}  // namespace sandbox
