// Declarations of virtual objects: "BUCKET/KEY=SIZE", where KEY may hold one {FIRST..LAST} that
// stands for all numbers between ("{0000..0999}" pads them) and SIZE is written like "4096" or "10
// GiB". Pure.
#pragma once

#include "sandbox/buckets/object.h"

#include <map>
#include <string>
#include <string_view>

namespace sandbox {

using VirtualBuckets = std::map<std::string, Index, std::less<>>;

// Throws Error{config} that names the declaration.
void add_virtual_objects(VirtualBuckets& buckets, std::string_view declaration);
// The manifest has one declaration a line; empty lines and lines that start with '#' are skipped.
void add_virtual_manifest(VirtualBuckets& buckets, std::string_view text);

}  // namespace sandbox
