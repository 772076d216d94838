// The bodies of zipstart and streamzip: the fields of docs/reference/api.md, checked and made an
// archive::Request. Pure.
#pragma once

#include "api/request/fields.h"
#include "archive/request.h"
#include "aws/credentials.h"
#include "net/reach.h"
#include "store/records/job.h"

#include <string>
#include <string_view>
#include <vector>

namespace api {

struct ZipRequest {
  archive::Request request;
  aws::Credentials credentials;
  std::string file_name;  // of a download
  std::string mail_to;    // an address; empty: no mail is asked for
  std::string webhook;    // a URL that has been checked; may be empty
  store::Expiry expiry;   // of a zip into the bucket
};

struct ZipRequestRules {
  // URLs that awsEndpoint may name; the server's default is always allowed.
  std::vector<std::string> allowed_endpoints;
  std::string default_endpoint;
  bool can_mail = false;
  bool own_credentials = false;                     // for requests that bring none
  std::vector<std::string> allowed_buckets = {};    // empty: all
  std::vector<net::Network> webhook_networks = {};  // besides public addresses
};

// `acl` is the x-amz-acl header. Error{bad_input} that names the field, {forbidden} for a bucket
// that is not allowed.
ZipRequest parse_zip_request(Fields const& fields, std::string_view acl,
                             ZipRequestRules const& rules);
// These check values of the field that is named by S3's and this server's rules; errors as above.
// An endpoint becomes one text for one object store; empty values stay empty.
std::string checked_endpoint(std::string_view field, std::string const& url,
                             ZipRequestRules const& rules);
std::string checked_region(std::string_view field, std::string const& region,
                           std::string const& endpoint, ZipRequestRules const& rules);
// Error{forbidden} for a bucket that this server may not use.
void check_bucket(std::string_view field, std::string_view bucket, ZipRequestRules const& rules);
void check_acl(std::string_view field, std::string_view acl);
// One mail address, or an empty text.
std::string checked_mail_address(std::string_view field, std::string_view text,
                                 ZipRequestRules const& rules);
// The file name of a download that was asked for under this name, or as the path "a/b/".
std::string download_file_name(std::string_view asked);
bool is_zip_name(std::string_view name);
// Foreign text in a message: it may be megabytes, and hold anything.
std::string shown(std::string_view text);
// Keys and session tokens stand in header lines.
void check_header_text(std::string_view field, std::string_view text);

// The key of a job's zip (zipTo, zipFileName), named by `job_id` if the request names none;
// `api_version` 2 numbers files in folders.
std::string target_key(Fields const& fields, int api_version, std::string_view job_id);

}  // namespace api
