// A body's Content-Type on the first line, the body behind it; what is no multipart is taken for
// urlencoded. The fields, encoded anew, come back the same.
#include "base/error.h"
#include "base/text.h"
#include "fuzzer.h"
#include "http/forms.h"

namespace {

using Fields = std::vector<http::Field>;

void require_urlencoded_again(Fields const& fields) {
  std::string text;
  for (http::Field const& field : fields)
    text += base::percent_encode(field.name) + "=" + base::percent_encode(field.value) + "&";
  fuzz::require(http::parse_urlencoded(text) == fields, "urlencoded fields come back");
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char const c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

void require_multipart_again(Fields const& fields) {
  constexpr std::string_view boundary = "-----a boundary of the fuzzer's own";
  std::string text;
  for (http::Field const& field : fields) {
    // No client can write these.
    if (field.name.find_first_of("\r\n") != std::string::npos) return;
    if (field.value.find(boundary) != std::string::npos) return;
    text.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=");
    text.append(quoted(field.name)).append("\r\n\r\n").append(field.value).append("\r\n");
  }
  text.append("--").append(boundary).append("--\r\n");
  std::string const type = "multipart/form-data; boundary=" + quoted(boundary);
  fuzz::require(http::parse_multipart(type, text) == fields, "multipart fields come back");
}

void run(std::string_view input) {
  std::string_view const type = fuzz::take_line(input);
  bool const multipart = http::media_type(type) == "multipart/form-data";
  Fields fields;
  try {
    fields = multipart ? http::parse_multipart(type, input) : http::parse_urlencoded(input);
  } catch (base::Error const& error) {
    fuzz::require(error.fault() == base::Fault::bad_input, "a bad form is bad input");
    return;
  }
  std::size_t bytes = 0;
  for (http::Field const& field : fields) bytes += field.name.size() + field.value.size();
  fuzz::require(bytes <= input.size(), "fields are no longer than the body");
  require_urlencoded_again(fields);
  require_multipart_again(fields);
}

fuzz::Registered const registered("http_forms", run);

}  // namespace
