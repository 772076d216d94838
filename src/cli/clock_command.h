// `s3zipper clock …`: whether the server believes the clock, by which it erases what is old.
#pragma once

#include "server/config.h"

namespace cli {

void show_clock(server::Config const& config);
// For an operator who has seen that it is right.
void confirm_clock(server::Config const& config);

}  // namespace cli
