// A faults file of the sandbox: it is refused in words, or its rules are ones that can strike.
#include "sandbox/faults/fault_file.h"

#include "base/error.h"
#include "fuzzer.h"

namespace {

void run(std::string_view input) {
  try {
    sandbox::FaultFile const file = sandbox::parse_fault_file(input, "the file");
    for (sandbox::FaultRule const& rule : file.rules) {
      fuzz::require(!rule.name.empty(), "a rule has a name, for the log");
      fuzz::require(rule.times > 0, "a rule strikes at least once");
      fuzz::require(rule.probability > 0 && rule.probability <= 1, "a probability is one");
    }
  } catch (base::Error const& error) {
    fuzz::require(error.fault() == base::Fault::config, "a bad file is a matter of configuration");
  }
}

fuzz::Registered const registered("fault_file", run);

}  // namespace
