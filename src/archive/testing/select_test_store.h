// For tests of select(): an object store with several buckets, a request to it, and the result.
#pragma once

#include "archive/select/select.h"
#include "archive/testing/memory_store.h"
#include "base/error.h"
#include "net/runtime.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace archive {

using base::Error;
using base::Fault;
using Names = std::vector<std::string>;

inline net::task<void> select_into(std::shared_ptr<MemoryStore> store, Request request,
                                   LiveProgress& progress, SelectionBounds bounds,
                                   std::optional<Selection>& selection) {
  selection = co_await select(store, std::move(request), progress, bounds);
}

class SelectTest : public testing::Test {
 protected:
  SelectTest() : store_(std::make_shared<MemoryStore>(5)) {
    for (char const* key : {"a.txt", "dir/", "dir/one.txt", "dir/sub/two.txt", "dirt.txt",
                            "other/inside.txt", "both", "both/below.txt"})
      store_->put("photos", key, Content(key));
    for (char const* key : {"x.txt", "deep/y.txt", "deep/z.txt"})
      store_->put("other", key, Content(key));
    store_->buckets()["empty"];
    request_.bucket = "photos";
  }

  Selection selected(Names const& paths) {
    std::optional<Selection> selection;
    request_.paths = paths;
    net::run_to_end(select_into(store_, request_, progress_, bounds_, selection));
    return std::move(*selection);
  }
  Names keys(Names const& paths) {
    Names keys;
    Selection const selection = selected(paths);
    for (std::size_t i = 0; i < selection.objects.size(); ++i) {
      SelectedObject const& object = selection.objects[i];
      keys.push_back(std::string(object.bucket) + ":" + std::string(object.key));
    }
    return keys;
  }
  Fault fault(Names const& paths) {
    try {
      selected(paths);
    } catch (Error const& error) {
      message_ = error.what();
      return error.fault();
    }
    return Fault::internal;
  }

  std::shared_ptr<MemoryStore> store_;
  Request request_;
  LiveProgress progress_;
  SelectionBounds bounds_;
  std::string message_;
};

}  // namespace archive
