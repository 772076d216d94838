// `s3zipper clock …`: whether the server believes the clock, by which it erases old things.
#pragma once

#include "server/config.h"

namespace cli {

void show_clock(server::Config const& config);
// Confirms the clock: the operator has seen that it is right.
void confirm_clock(server::Config const& config);

}  // namespace cli
