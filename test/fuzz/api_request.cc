// The Content-Type of a call's body on the first line, the body behind it: a request for a zip is
// refused with the client's fault, or is one that all later parts can take.
#include "api/compat/replies.h"
#include "api/request/form_json.h"
#include "api/request/zip_request.h"
#include "aws/endpoint.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "fuzzer.h"
#include "http/forms.h"

#include <boost/json.hpp>

namespace {

namespace limits = base::limits;

void require_usable(api::ZipRequest const& parsed) {
  archive::Request const& request = parsed.request;
  fuzz::require(aws::is_bucket_name(request.bucket), "the bucket has a bucket's name");
  fuzz::require(!request.paths.empty(), "there are paths");
  for (std::string const& path : request.paths)
    fuzz::require(!path.empty() && base::is_utf8(path), "a path is a text");
  fuzz::require(
      request.link_hours >= limits::min_link_hours && request.link_hours <= limits::max_link_hours,
      "the link's life is within its bounds");
  fuzz::require(base::is_utf8(parsed.file_name) && !parsed.file_name.empty(),
                "the download has a name");
  fuzz::require(parsed.file_name.find_first_of("/\\\r\n\"") == std::string::npos,
                "which is a file's");
  fuzz::require(archive::decode_request(encode(request)) == request,
                "the request comes back from its record");
}

void require_clients_fault(base::Error const& error) {
  int const status = base::traits(error.fault()).http_status;
  fuzz::require(status >= 400 && status < 500, "what is wrong with a request is the client's");
  fuzz::require(base::is_utf8(error.what()), "and is said in UTF-8");
}

void run(std::string_view input) {
  std::string const id = "00000000-0000-4000-8000-000000000000";
  std::string_view const type = fuzz::take_line(input);
  try {
    api::Fields const fields = api::Fields::parse(type, input);
    for (int const version : {1, 2})
      fuzz::require(aws::is_key(api::target_key(fields, version, id)), "the target is a key");
    api::ZipRequestRules const rules{.allowed_endpoints = {"http://127.0.0.1:9000"},
                                     .default_endpoint = ""};
    require_usable(parse_zip_request(fields, fields.text("acl"), rules));
  } catch (base::Error const& error) {
    require_clients_fault(error);
  }
  try {
    api::form_to_json(http::parse_urlencoded(input));
  } catch (base::Error const& error) {
    require_clients_fault(error);
  }
  try {
    api::uuid_of(api::asked_task_id(input, type, api::Question::result));
  } catch (base::Error const& error) {
    require_clients_fault(error);
  }
}

fuzz::Registered const registered("api_request", run);

}  // namespace
