// What faults do to a call before it is carried out, or instead of it. What they do to the bytes of
// its answer is wire.h's, what they do to objects is seen_object.h's.
#pragma once

#include "sandbox/buckets/call.h"

namespace sandbox {

// Shows the call to the faults; from then on its wire is bent by those that strike.
void show_to_faults(Call& call);
// True where a fault has answered, and the call is not to be carried out. Throws where it has ended
// the connection.
net::task<bool> answer_by_fault(Call& call);

// One line of the log for a fault that has struck.
void log_strike(Strike const& strike, std::string_view call, std::string_view bucket,
                std::string_view key);

}  // namespace sandbox
