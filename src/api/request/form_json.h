// A form as the JSON object that it stands for, so that a browser's form can ask what a program
// asks with JSON. Pure.
#pragma once

#include "http/forms.h"

#include <span>

#include <boost/json/value.hpp>

namespace api {

// Names are paths: "credentials.accessKeyId" is the field accessKeyId of credentials. A list's
// field comes several times, with or without "[]" at its end, or has an item a line. Empty values
// count as absent. Error{bad_input} that names a field which is given twice, or is no number or
// flag though it must be one.
boost::json::object form_to_json(std::span<http::Field const> fields);

}  // namespace api
