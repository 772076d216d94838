// Calls on the settings of a bucket or an object: the sandbox has none but the tags that objects
// come with, and answers like a new bucket of S3. Setting any is NotImplemented.
#include "sandbox/buckets/bucket_access.h"
#include "sandbox/buckets/object_tags.h"
#include "sandbox/calls/calls.h"
#include "sandbox/owner.h"
#include "sandbox/refusal.h"
#include "sandbox/xml_writer.h"

#include <algorithm>
#include <array>
#include <functional>

namespace sandbox {
namespace {

struct Setting {
  std::string_view name;    // in the query
  std::string_view answer;  // the root of an empty document, or the error's code
};

constexpr std::array settings{
    Setting{"accelerate", "AccelerateConfiguration"},
    Setting{"acl", "AccessControlPolicy"},
    Setting{"cors", "NoSuchCORSConfiguration"},
    Setting{"encryption", "ServerSideEncryptionConfigurationNotFoundError"},
    Setting{"lifecycle", "NoSuchLifecycleConfiguration"},
    Setting{"location", "LocationConstraint"},
    Setting{"logging", "BucketLoggingStatus"},
    Setting{"notification", "NotificationConfiguration"},
    Setting{"object-lock", "ObjectLockConfigurationNotFoundError"},
    Setting{"ownershipControls", "OwnershipControlsNotFoundError"},
    Setting{"policy", "NoSuchBucketPolicy"},
    Setting{"publicAccessBlock", "NoSuchPublicAccessBlockConfiguration"},
    Setting{"replication", "ReplicationConfigurationNotFoundError"},
    Setting{"requestPayment", "RequestPaymentConfiguration"},
    Setting{"tagging", "NoSuchTagSet"},
    Setting{"versioning", "VersioningConfiguration"},
    Setting{"website", "NoSuchWebsiteConfiguration"},
};

Setting const* setting_of(Call const& call) {
  auto const* const found = std::ranges::find_if(settings, [&call](Setting const& setting) {
    return call.argument(setting.name).has_value();
  });
  return found == settings.end() ? nullptr : found;
}

std::string access_control_policy() {
  XmlWriter xml("AccessControlPolicy");
  write_owner(xml);
  xml.open("AccessControlList");
  xml.open("Grant");
  xml.open_with("Grantee",
                "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                "xsi:type=\"CanonicalUser\"");
  xml.text("ID", owner_id);
  xml.text("DisplayName", "sandbox");
  xml.close();
  xml.text("Permission", "FULL_CONTROL");
  return xml.finish();
}

std::string tagging(Object const& object) {
  XmlWriter xml("Tagging");
  xml.open("TagSet");
  for (http::Field const& tag : tags_of(object.headers)) {
    xml.open("Tag");
    xml.text("Key", tag.name);
    xml.text("Value", tag.value);
    xml.close();
  }
  return xml.finish();
}

// `object` is null for the setting of a bucket.
std::string document_of(Call const& call, Setting const& setting, ObjectPointer const& object) {
  if (setting.name == "acl") return access_control_policy();
  if (setting.name == "tagging" && object) return tagging(*object);
  if (object) throw refusal("NotImplemented");
  if (setting.name == "location") {
    // us-east-1 has no location constraint.
    std::string_view const region = call.region;
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LocationConstraint "
           "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" +
           std::string(region == "us-east-1" ? "" : region) + "</LocationConstraint>";
  }
  if (setting.name == "requestPayment") {
    XmlWriter xml("RequestPaymentConfiguration");
    xml.text("Payer", rule_of(call, call.bucket).requester_pays ? "Requester" : "BucketOwner");
    return xml.finish();
  }
  bool const is_error = setting.answer.starts_with("NoSuch") || setting.answer.ends_with("Error");
  if (is_error) throw refusal(setting.answer);
  return XmlWriter(setting.answer).finish();
}

}  // namespace

bool is_setting_call(Call const& call) {
  return !call.bucket.empty() && setting_of(call) != nullptr;
}

net::task<void> get_setting(Call& call) {
  ObjectPointer object;
  std::function<void()> const look = [&] {
    std::shared_ptr<Bucket> const bucket = call.open_bucket();
    if (call.key.empty()) return;
    object = bucket->find(call.key);
    if (!object) throw missing_key(call, call.bucket);
  };
  co_await call.pool.run(look);
  Setting const& setting = *setting_of(call);
  if (call.wire.request().method != "GET") throw refusal("NotImplemented");
  co_await answer_xml(call, document_of(call, setting, object));
}

}  // namespace sandbox
