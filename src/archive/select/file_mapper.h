// Reads the fileMapper of a request: a JSON file in S3 (name_map.h has its format).
#pragma once

#include "archive/name_map.h"
#include "net/task.h"
#include "s3/store.h"

#include <memory>
#include <string>

namespace archive {

// `path` is like those of filePaths: in `bucket`, or behind another bucket's name. Errors name the
// file: {not_found}, {bad_input} if it is no file mapper or over limits::max_file_mapper_bytes.
net::task<NameMap> read_file_mapper(std::shared_ptr<s3::ObjectStore> store, std::string path,
                                    std::string bucket);

}  // namespace archive
