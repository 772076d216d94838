// Links in SQLite.
#pragma once

#include "store/links.h"
#include "store/sqlite/part.h"

namespace store {

class SqliteLinks final : public Links, private SqlitePart {
 public:
  using SqlitePart::SqlitePart;

  net::task<std::string> create(NewLink link) override;
  net::task<std::optional<Link>> find(std::string id) override;
  net::task<std::vector<Link>> list(ListQuery query) override;
  net::task<std::vector<Hold>> listing(std::string session) override;
  net::task<std::vector<Hold>> take_listing(std::string session) override;
  net::task<std::optional<Hold>> relist(std::string id, std::string session,
                                        base::UnixSeconds now) override;
  net::task<bool> freeze(Hold hold, PlanFacts plan, base::UnixSeconds now) override;
  net::task<bool> fail(Hold hold, base::Fault fault, std::string error,
                       base::UnixSeconds now) override;
  net::task<bool> revoke(std::string id, base::UnixSeconds now) override;
  net::task<void> note_failure(std::string id, DownloadFailure failure) override;
  net::task<void> add_downloads(std::string id, Downloads more) override;
};

}  // namespace store
