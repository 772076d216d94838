// The entries of archives as the objects of a store, so that a plan can be made of them and
// delivered like any other: read ahead, checked, in any stretches. For stored entries alone: no
// stretch of a compressed one can be read by itself.
//
// An object's version id is the entry's place in the list of contents; bucket and key only serve
// messages. Belongs to the loop of the archives' stores.
#pragma once

#include "archive/plan/plan.h"
#include "archive/read/archive_bytes.h"
#include "archive/read/contents.h"
#include "s3/store.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace archive {

struct OpenArchive {
  ArchiveBytes bytes;
  std::shared_ptr<s3::ObjectStore> store;  // that they come from
};

// The entry as zip/read knows it.
zip::ListedEntry listed(ContentEntry const& entry);

class EntryStore final : public s3::ObjectStore {
 public:
  // `archives`: by ContentEntry::archive; those that no wanted entry is in may be empty. One at
  // least has a store.
  EntryStore(std::vector<OpenArchive> archives, std::shared_ptr<Contents const> contents);

  net::task<void> read(s3::ObjectRange from, s3::Landing& into) override;
  bool has_room() const override { return beneath_->has_room(); }
  std::string const& endpoint_url() const override { return beneath_->endpoint_url(); }
  void limit_patience(std::chrono::milliseconds time) override;
  bool has_given_up() const override { return beneath_->has_given_up(); }

  // The calls that a plan's delivery does not make.
  net::task<std::vector<s3::ListedBucket>> list_buckets() override;
  net::task<s3::Headed> head_object(s3::ObjectName object) override;
  net::task<s3::ListPage> list_objects(std::string bucket, s3::ListOptions options) override;
  net::task<s3::Written> put_object(s3::ObjectName object, s3::PutOptions options,
                                    std::span<std::string_view const> body) override;
  net::task<s3::CreatedUpload> create_upload(s3::ObjectName object,
                                             s3::CreateUploadOptions options) override;
  net::task<s3::Written> upload_part(s3::ObjectName object, s3::PartOptions options,
                                     std::span<std::string_view const> body) override;
  net::task<std::optional<std::vector<s3::ListedPart>>> list_parts(s3::ObjectName object,
                                                                   std::string upload_id) override;
  net::task<s3::CompletedUpload> complete_upload(s3::ObjectName object,
                                                 s3::CompleteOptions options) override;
  net::task<void> delete_object(s3::ObjectName object) override;
  net::task<void> abort_upload(s3::ObjectName object, std::string upload_id) override;
  net::task<void> abort_other_uploads(s3::ObjectName object, std::string kept_upload_id) override;
  net::task<std::string> presign(s3::ObjectName object, std::chrono::seconds life) override;
  net::task<std::string> url(s3::ObjectName object) override;

 private:
  net::task<std::optional<std::string>> read_small(ContentEntry entry);
  net::task<std::uint64_t> data_offset(std::size_t place, ContentEntry entry);

  std::vector<OpenArchive> const archives_;
  std::shared_ptr<Contents const> const contents_;
  std::shared_ptr<s3::ObjectStore> beneath_;
  std::map<std::size_t, std::uint64_t> data_offsets_;  // by place, of entries of several reads
};

}  // namespace archive
