// AWS's published examples, and bodies that have been tampered with.
#include "sandbox/chunk_decoder.h"

#include "base/error.h"

#include <string>

#include <gtest/gtest.h>

namespace sandbox {
namespace {

// "Signature calculations for the authorization header: transferring payload in multiple chunks"
// and "… including trailing headers", Amazon S3 API reference.
aws::Scope const scope{.day = "20130524", .region = "us-east-1"};

ChunkSigning signing(std::string seed) {
  base::Secret const secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
  return {.key = aws::derive_key(secret, scope),
          .amz_date = "20130524T000000Z",
          .scope = to_text(scope),
          .seed = std::move(seed)};
}

std::string chunk(std::string const& size, std::string const& signature, std::string const& data) {
  return size + ";chunk-signature=" + signature + "\r\n" + data + "\r\n";
}

std::string decoded(ChunkDecoder& decoder, std::string_view body, std::size_t step) {
  std::string content;
  while (!body.empty()) {
    decoder.feed(body.substr(0, step), [&content](std::string_view piece) { content += piece; });
    body.remove_prefix(std::min(step, body.size()));
  }
  return content;
}

std::string code_of_failure(ChunkDecoder decoder, std::string const& body) {
  try {
    decoded(decoder, body, body.size());
  } catch (base::Error const& error) {
    return error.code();
  }
  return decoder.done() ? "" : "unfinished";
}

std::string const content = std::string(66560, 'a');
std::string const seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
std::string const signed_body =
    chunk("10000", "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
          content.substr(0, 65536)) +
    chunk("400", "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
          content.substr(65536)) +
    chunk("0", "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9", "");

std::string const trailer_seed = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e";
std::string const trailer_body =
    chunk("10000", "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
          content.substr(0, 65536)) +
    chunk("400", "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
          content.substr(65536)) +
    "0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n"
    "x-amz-checksum-crc32c:sOO8/Q==\r\n"
    "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n"
    "\r\n";

TEST(ChunkDecoder, published_example_of_signed_chunks_in_any_pieces) {
  for (std::size_t const step : {std::size_t{1}, std::size_t{13}, signed_body.size()}) {
    ChunkDecoder decoder(signing(seed));
    EXPECT_EQ(decoded(decoder, signed_body, step), content);
    EXPECT_TRUE(decoder.done());
  }
}

TEST(ChunkDecoder, published_example_with_a_signed_trailer) {
  ChunkDecoder decoder(signing(trailer_seed));
  EXPECT_EQ(decoded(decoder, trailer_body, 4096), content);
  EXPECT_TRUE(decoder.done());
  EXPECT_EQ(decoder.trailers().get("x-amz-checksum-crc32c"), "sOO8/Q==");
}

TEST(ChunkDecoder, unsigned_chunks_with_a_trailer) {
  ChunkDecoder decoder(std::nullopt);
  std::string const body = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32: NhCmhg==\r\n\r\n";
  EXPECT_EQ(decoded(decoder, body, 1), "hello");
  EXPECT_TRUE(decoder.done());
  EXPECT_EQ(decoder.trailers().get("x-amz-checksum-crc32"), "NhCmhg==");
}

TEST(ChunkDecoder, a_changed_byte_is_found_wherever_it_is) {
  for (std::size_t const at : {std::size_t{100}, std::size_t{65536}, std::size_t{66000}}) {
    std::string body = signed_body;
    body[at] = 'b';
    EXPECT_EQ(code_of_failure(ChunkDecoder(signing(seed)), body), "SignatureDoesNotMatch") << at;
  }
  std::string body = trailer_body;
  body.replace(body.find("sOO8"), 4, "sOO9");
  EXPECT_EQ(code_of_failure(ChunkDecoder(signing(trailer_seed)), body), "SignatureDoesNotMatch");
}

TEST(ChunkDecoder, a_trailer_that_is_not_signed_is_refused_among_signed_chunks) {
  std::string body = trailer_body.substr(0, trailer_body.find("x-amz-trailer-signature")) + "\r\n";
  EXPECT_EQ(code_of_failure(ChunkDecoder(signing(trailer_seed)), body), "SignatureDoesNotMatch");
}

TEST(ChunkDecoder, a_cut_body_is_never_done) {
  std::size_t const last = signed_body.size();
  for (std::size_t const size : {std::size_t{0}, std::size_t{50}, last - 100, last - 1})
    EXPECT_EQ(code_of_failure(ChunkDecoder(signing(seed)), signed_body.substr(0, size)),
              "unfinished");
}

TEST(ChunkDecoder, what_is_no_framing_is_refused) {
  for (std::string const body : {"hello\r\n", "-5\r\nhello\r\n", "5\r\nhello!\r\n", "\r\n",
                                 "0\r\nnocolon\r\n", "0\r\n\r\nmore", "fffffffffffffffff\r\n"}) {
    EXPECT_EQ(code_of_failure(ChunkDecoder(std::nullopt), body), "InvalidRequest") << body;
  }
  EXPECT_EQ(code_of_failure(ChunkDecoder(std::nullopt), std::string(5000, '1')), "InvalidRequest");
}

}  // namespace
}  // namespace sandbox
