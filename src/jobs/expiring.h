// Deletes zips in the bucket whose time is over (store::Expiry): only objects that their job has
// written, with the credentials that it left for that, or those that the account keeps by then.
#pragma once

#include "jobs/tools.h"

namespace jobs {

// Tries the chores that are due; one that fails is due again after growing pauses,
// limits::zip_deletion_attempts times in all.
net::task<void> delete_expired_zips(Tools const& tools);

}  // namespace jobs
