// Finds out, by trying, which abilities a store has that zips need or gain by: on objects of its
// own, below a given prefix, which it removes again.
#pragma once

#include "s3/check/prober.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace s3 {

struct Finding {
  std::string_view ability;  // "conditional reads"
  std::string_view use;      // the purpose of the ability
  bool needed = false;       // without it zips do not work
  bool works = false;
  std::string note;  // the store's answer instead
};

class StoreCheck {
 public:
  // The prober is borrowed. `prefix` is one of keys, with a slash at its end or empty.
  StoreCheck(Prober& prober, std::string const& prefix);

  // Tells of each ability when it is known. Error if the bucket cannot be used at all.
  net::task<void> run(std::function<void(Finding const&)> const& tell);
  // Called after run(), however it ended: removes all that it made; names what it could not remove.
  net::task<std::vector<std::string>> clean_up();

 private:
  using Answer = std::optional<std::string>;  // the reason why not; nullopt: it works
  struct Probe {
    std::string_view ability;
    std::string_view use;
    bool needed;
    net::task<Answer> (StoreCheck::*run)();
  };
  static std::vector<Probe> const& probes();

  static constexpr std::string_view small_content = "s3zipper check-store";
  static constexpr std::string_view wrong_etag = "\"00000000000000000000000000000000\"";
  static constexpr std::uint32_t wrong_crc = 0x12345678;
  // The answer to a HEAD; zips do not need it to tell the size, which is 0 then.
  static ObjectInfo object_of(Prober::Reply reply);
  static Answer must_be_refused(Prober::Reply const& reply, std::string_view what);

  net::task<Answer> list();
  net::task<Answer> put();
  net::task<Answer> head();
  net::task<Answer> range();
  net::task<Answer> conditional_read();
  net::task<Answer> conditional_write();
  net::task<Answer> metadata();
  net::task<Answer> object_crc();
  net::task<Answer> object_crc_told();
  net::task<Answer> multipart();
  net::task<Answer> list_uploads();
  net::task<Answer> abort();
  net::task<Answer> part_crc();
  net::task<Answer> full_object_crc();
  net::task<Answer> copy();
  net::task<Answer> copy_range();
  net::task<Answer> conditional_copy();
  net::task<Answer> copied_part_crc();
  net::task<Answer> presign();
  net::task<Answer> presigned_name();

  struct Upload {
    std::string key;
    std::string id;
    CreatedUpload created;
  };
  std::string new_key(std::string_view name);
  net::task<Prober::Reply> put_bytes(std::string key, std::string content, PutOptions options);
  net::task<Upload> create(std::string_view name, CreateUploadOptions options);
  net::task<Prober::Reply> send_part(Upload const& upload, std::uint32_t number,
                                     std::string content, std::optional<std::uint32_t> crc);
  net::task<Prober::Reply> copy_part(Upload const& upload, CopyPartOptions options);
  net::task<Prober::Reply> complete(Upload const& upload, CompleteOptions options);
  net::task<Prober::Reply> read(std::string key, GetOptions options);
  net::task<Answer> compare(std::string key, std::string content);
  net::task<std::string> first_part(Upload const& upload, std::optional<std::uint32_t> crc);
  net::task<void> remove(http::Request request, std::string what, std::vector<std::string>& left);
  net::task<Answer> finish_copy(Upload upload, CompletedPart copied, std::string copied_content);

  Prober& prober_;
  std::string prefix_;
  std::string source_content_;
  std::string source_key_;
  std::string source_etag_;
  std::string checked_key_;  // of an object that was put with its CRC-32
  std::vector<std::string> keys_;
  std::vector<Upload> uploads_;
};

}  // namespace s3
