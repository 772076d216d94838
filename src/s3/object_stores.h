// The object stores that requests mean: endpoint, credentials and connections.
#pragma once

#include "aws/credentials.h"
#include "aws/endpoint.h"
#include "http/pool.h"
#include "s3/s3_store.h"
#include "s3/store.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace s3 {

struct WantedStore {
  std::string endpoint;  // URL; empty: the program's default
  std::string region;    // may be empty
  bool requester_pays = false;
  aws::Credentials credentials;
  std::string made_for;  // "job <id>", "request <id>": goes into the User-Agent of its calls
  std::chrono::milliseconds patience{0};  // the time for which trouble with it is borne
  // A presigned URL: the store is for reads of its object, without credentials. Empty: none.
  base::Secret link = {};
};

class ObjectStores {
 public:
  virtual ~ObjectStores() = default;

  // The store is for use on the calling task's loop.
  virtual net::task<std::shared_ptr<ObjectStore>> open(WantedStore wanted) = 0;
  // The endpoint that a request with these means; CRCs are remembered by its URL.
  virtual aws::Endpoint endpoint_of(std::string const& url, std::string const& region) const = 0;
};

// A loop of the program, and its connections to stores.
struct LoopPool {
  net::Executor loop;
  http::ConnectionPool* pool = nullptr;
};

class S3ObjectStores final : public ObjectStores {
 public:
  // The defaults for requests that name no endpoint, or no region.
  struct Defaults {
    std::string endpoint;  // URL; empty: AWS
    std::string region;
    aws::Addressing addressing = aws::Addressing::path;
  };

  // `shared` and the pools are borrowed.
  S3ObjectStores(Shared& shared, std::vector<LoopPool> pools, Defaults defaults)
      : shared_(shared), pools_(std::move(pools)), defaults_(std::move(defaults)) {}

  net::task<std::shared_ptr<ObjectStore>> open(WantedStore wanted) override;
  aws::Endpoint endpoint_of(std::string const& url, std::string const& region) const override;

 private:
  Shared& shared_;
  std::vector<LoopPool> const pools_;
  Defaults const defaults_;
};

}  // namespace s3
