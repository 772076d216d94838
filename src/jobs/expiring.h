// Zips in the bucket whose time is over (Expiry in job.h) are deleted: only what their job has
// written, with the credentials that it left for that, or those that the account keeps by then.
#pragma once

#include "store/context.h"

namespace jobs {

// Looks for such zips and deletes them, for ever; runs on `loop`. What fails is tried again at
// growing pauses, limits::zip_deletion_attempts times in all.
net::task<void> delete_expired_zips(store::Context const& context, store::Loop loop);

}  // namespace jobs
