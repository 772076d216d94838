// A configuration file: it is refused in words that name the setting, or makes a configuration.
#include "base/error.h"
#include "base/text.h"
#include "fuzzer.h"
#include "server/config.h"

namespace {

void run(std::string_view input) {
  try {
    server::Config const config = server::make_config({server::parse_config(input, "the file")});
    fuzz::require(config.memory_budget_bytes >= base::limits::min_budget_bytes,
                  "the budget is large enough");
    fuzz::require(config.job_workers <= 1024, "the workers are few enough");
  } catch (base::Error const& error) {
    fuzz::require(error.fault() == base::Fault::config, "a bad file is a matter of configuration");
  }
}

fuzz::Registered const registered("config_file", run);

}  // namespace
