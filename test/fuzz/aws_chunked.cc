// An aws-chunked body, signed and unsigned: however it is cut, the same content and trailers come
// out.
#include "base/error.h"
#include "fuzzer.h"
#include "sandbox/chunk_decoder.h"

namespace {

struct Outcome {
  std::string content;
  bool done = false;
  bool refused = false;
  http::Headers trailers;
  bool operator==(Outcome const&) const = default;
};

Outcome decoded(std::string_view body, std::size_t step, bool is_signed) {
  std::optional<sandbox::ChunkSigning> signing;
  if (is_signed) {
    signing = {.key = base::Secret("key"),
               .amz_date = "20130524T000000Z",
               .scope = "20130524/us-east-1/s3/aws4_request",
               .seed = std::string(64, '0')};
  }
  sandbox::ChunkDecoder decoder(std::move(signing));
  Outcome outcome;
  try {
    for (; !body.empty(); body.remove_prefix(std::min(step, body.size())))
      decoder.feed(body.substr(0, step),
                   [&](std::string_view content) { outcome.content += content; });
  } catch (base::Error const&) {
    outcome.refused = true;
  }
  outcome.done = decoder.done();
  outcome.trailers = decoder.trailers();
  return outcome;
}

void run(std::string_view input) {
  for (bool const is_signed : {false, true}) {
    Outcome const whole = decoded(input, input.size() + 1, is_signed);
    fuzz::require(whole.content.size() <= input.size(), "content is no longer than the body");
    fuzz::require(decoded(input, 1, is_signed) == whole, "bytes one by one say the same");
    fuzz::require(decoded(input, 5, is_signed) == whole, "pieces say the same");
  }
}

fuzz::Registered const registered("aws_chunked", run);

}  // namespace
