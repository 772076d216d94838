// The entries of an archive are read like objects, whole and in stretches.
#include "archive/read/entry_store.h"

#include "archive/testing/sample_plans.h"
#include "base/error.h"
#include "base/service_limits.h"
#include "net/runtime.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

using base::Error;
using base::Fault;
using zip::Form;

struct Wanted {
  std::size_t place = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

net::task<void> read_all(std::shared_ptr<MemoryStore> store, std::vector<Wanted> wanted,
                         std::vector<std::string>& read) {
  s3::ObjectName name{"zips", "a.zip"};
  std::vector<OpenArchive> archives(1);
  archives[0].store = store;
  archives[0].bytes = co_await open_object(store, std::move(name));
  auto const contents = std::make_shared<Contents>();
  zip::DirectoryReader::Take const add = [&](zip::ListedEntry const& entry) {
    contents->add(0, contents->size(), entry);
  };
  co_await list_entries(archives[0].bytes, add);
  EntryStore entries(std::move(archives), contents);
  for (Wanted const& one : wanted) {
    std::string const place = std::to_string(one.place);
    std::string& bytes = read.emplace_back(one.size, '?');
    s3::ObjectRange from;
    from.offset = one.offset;
    from.object_size = (*contents)[one.place].size;
    from.version_id = place;
    s3::Landing landing{.room = bytes};
    co_await entries.read(from, landing);
    EXPECT_EQ(landing.arrived, one.size);
  }
}

class EntryStoreTest : public testing::Test {
 protected:
  EntryStoreTest() : store_(std::make_shared<MemoryStore>(7)) {
    constexpr std::uint64_t most_small = base::limits::read_with_header_bytes;
    archive_ = make_archive(*store_, {{Form::stored, 10, true},
                                      {Form::stored, most_small, true},
                                      {Form::stored, most_small + 1, true},
                                      {Form::stored, 3'000'000, true}});
    bytes_ = reference_archive(archive_->plan, *store_);
  }

  std::vector<std::string> read(std::vector<Wanted> wanted) {
    store_->put("zips", "a.zip", Content(bytes_));
    std::vector<std::string> found;
    net::run_to_end(read_all(store_, std::move(wanted), found));
    return found;
  }
  std::string expected(Wanted const& wanted) const {
    return bytes_.substr(archive_->plan.layout().data(wanted.place).offset + wanted.offset,
                         wanted.size);
  }

  std::shared_ptr<MemoryStore> store_;
  std::shared_ptr<PlannedArchive> archive_;
  std::string bytes_;
};

TEST_F(EntryStoreTest, whole_and_in_stretches) {
  std::vector<Wanted> wanted;
  for (std::size_t place = 0; place < archive_->plan.entry_count(); ++place) {
    std::uint64_t const size = archive_->plan.entry(place).size;
    wanted.insert(wanted.end(), {{place, 0, size}, {place, 3, size - 3}, {place, size - 1, 1}});
  }
  std::vector<std::string> const found = read(wanted);
  for (std::size_t i = 0; i < wanted.size(); ++i)
    EXPECT_EQ(found[i], expected(wanted[i])) << "entry " << wanted[i].place;
}

TEST_F(EntryStoreTest, small_entries_are_checked_and_headers_of_all) {
  std::string const whole = bytes_;
  bytes_[archive_->plan.layout().data(0).offset] ^= 1;
  EXPECT_THROW(read({{0, 0, 10}}), Error) << "its CRC-32 is another one";
  for (std::size_t const place : {1U, 3U}) {
    bytes_ = whole;
    bytes_[archive_->plan.layout().local_header(place).offset + 30] ^= 1;
    EXPECT_THROW(read({{place, 0, 1}}), Error) << "the header's name is another one";
  }
}

}  // namespace
}  // namespace archive
