#include "api/request/protection.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace api {
namespace {

TEST(Protection, is_asked_for_in_many_spellings) {
  for (char const* field :
       {"zipPassword",   "ZIPPASSWORD", "zip_password", "zip-password",  "zip password",
        "Password",      "PASSWORD",    "password[]",   "zip[password]", "zipPasword",
        "pasword",       "passwd",      "zipPasswd",    "pass",          "zipPass",
        "pwd",           "passphrase",  "encrypt",      "encryption",    "encryptionKey",
        "zipEncryption", "aesPassword", "protect",      "userPassword"})
    EXPECT_TRUE(asks_for_protection(field)) << field;
}

TEST(Protection, other_fields_do_not_ask_for_it) {
  for (char const* field : {"",
                            "awsKey",
                            "awsSecret",
                            "awsToken",
                            "awsBucket",
                            "awsRegion",
                            "awsEndpoint",
                            "filePaths",
                            "filePaths[0]",
                            "zipTo",
                            "zipFileName",
                            "resultsEmail",
                            "expireLink",
                            "bucketAsDir",
                            "usePresignUrl",
                            "fileMapper",
                            "maxFileSize",
                            "maxFileCount",
                            "onMissing",
                            "names",
                            "ownZips",
                            "compass",
                            "passenger",
                            "sort",
                            "prefix",
                            "manifest",
                            "exp",
                            "sig"})
    EXPECT_FALSE(asks_for_protection(field)) << field;
}

std::string refusal(http::Request const& request) {
  try {
    check_asks_no_protection(request);
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), base::Fault::bad_input);
    return std::string(error.message());
  }
  return "";
}

TEST(Protection, is_asked_for_in_queries_and_headers_too) {
  http::Request request;
  request.target = "/z/a?Zip_Password=x&exp=1";
  EXPECT_TRUE(refusal(request).starts_with("Zip_Password: "));
  request.target = "/z/a?password=&exp=1";
  EXPECT_EQ(refusal(request), "");
  request.headers.add("X-Amz-Server-Side-Encryption", "AES256");
  EXPECT_TRUE(refusal(request).starts_with("X-Amz-Server-Side-Encryption: "));
}

}  // namespace
}  // namespace api
