// The objects that the native API answers with: a zip (a job), and a stream (a link).
// docs/reference/native-api.md describes their fields.
#pragma once

#include "api/service.h"
#include "store/records/job.h"

#include <string>

#include <boost/json/object.hpp>

namespace api {

// The zip as far as this process knows: a job that it runs is further than the store says.
boost::json::object zip_reply(Service const& service, store::Job const& job);
// `link_base`: the beginning of the links.
boost::json::object link_reply(Service const& service, store::Link const& link,
                               std::string const& link_base);

// Null if the text is empty.
boost::json::value text_or_null(std::string const& text);

}  // namespace api
