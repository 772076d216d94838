// Checks of settings together: which of them need one another.
#pragma once

#include "server/config.h"

namespace server {

// Error{config} names the settings that do not fit together.
void check_together(Config const& config);

// Whether other machines can reach the API.
bool listens_beyond_loopback(Config const& config);

}  // namespace server
