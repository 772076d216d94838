// A record of the database, damaged or not: what is read of one, written and read again, is the
// same.
#include "archive/plan/plan.h"
#include "archive/request.h"
#include "base/error.h"
#include "fuzzer.h"

namespace {

void require_corrupt(base::Error const& error) {
  fuzz::require(error.fault() == base::Fault::corrupt, "a damaged record is corrupt");
}

void run(std::string_view input) {
  try {
    archive::Request const request = archive::decode_request(input);
    fuzz::require(archive::decode_request(encode(request)) == request, "a request comes back");
  } catch (base::Error const& error) {
    require_corrupt(error);
  }
  try {
    archive::Plan plan;
    add_chunk(plan, input);
    plan.finish();
    std::string const chunk = encode_chunk(plan, 0, plan.entry_count());
    archive::Plan again;
    add_chunk(again, chunk);
    again.finish();
    fuzz::require(encode_chunk(again, 0, again.entry_count()) == chunk, "a plan comes back");
    fuzz::require(plan_etag(again) == plan_etag(plan), "with its ETag");
    fuzz::require(again.layout().size() == plan.layout().size(), "and its size");
  } catch (base::Error const& error) {
    require_corrupt(error);
  }
}

fuzz::Registered const registered("stored_records", run);

}  // namespace
