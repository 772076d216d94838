// The call that a zip or a link was made by, told from what is stored of it: what its owner sends
// to make it again. Without credentials, mail and webhook. Pure.
#pragma once

#include "archive/request.h"

#include <cstdint>
#include <string>

#include <boost/json/object.hpp>

namespace api {

// What the call asked for besides the archive::Request.
struct AskedBesides {
  std::string file_name = {};             // of a link's download; empty: it is a zip in a bucket
  std::uint32_t expires_after_hours = 0;  // of a zip; 0: it stays
};

// {"method", "path", "headers", "body"}: of the native API, or of S3zipper's own where paths are to
// be read as these do. The same body makes the same archive::Request.
boost::json::object made_by(archive::Request const& request, AskedBesides const& besides);

}  // namespace api
