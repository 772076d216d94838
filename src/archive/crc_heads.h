// Asks S3 for the CRC-32s that it keeps of listed objects: a listing tells that there is one, only
// HeadObject its value. Many are asked for at a time, beside the listing.
//
// A CRC saves no reading, and what is read is checked against it; it lets a large entry of a
// download carry its CRC in the header, and a resumed one go on without reading what came before.
// So a HEAD that fails is no error: the object is treated as one without.
#pragma once

#include "archive/selection.h"
#include "net/task.h"
#include "s3/store.h"

#include <memory>

namespace archive {

// Whether the listing promises a CRC-32 that is worth a HEAD.
bool is_worth_a_head(s3::ListedObject const& object);

class CrcHeads {
 public:
  CrcHeads(net::Executor const& loop, std::shared_ptr<s3::ObjectStore> store);
  ~CrcHeads();

  // Begins to ask for the selection's object `index`; waits while enough are being asked for.
  // Past limits::max_crc_heads it does nothing.
  net::task<void> ask(Selection const& selection, std::size_t index);
  // Until all have answered: what they know goes into the selection.
  net::task<void> finish(Selection& selection);

 private:
  struct State;
  std::shared_ptr<State> state_;  // the HEADs in flight hold it too, until they notice
};

}  // namespace archive
