// Faults that act on a call before it is carried out, or instead of it. wire.h applies faults to
// the bytes of its answer, seen_object.h applies them to objects.
#pragma once

#include "sandbox/buckets/call.h"

namespace sandbox {

// Shows the call to the faults; from then on the faults that strike bend its wire.
void show_to_faults(Call& call);
// True if a fault has answered, so that the call is not to be carried out. Throws if the fault has
// ended the connection.
net::task<bool> answer_by_fault(Call& call);

// One line of the log for a fault that has struck.
void log_strike(Strike const& strike, std::string_view call, std::string_view bucket,
                std::string_view key);

}  // namespace sandbox
