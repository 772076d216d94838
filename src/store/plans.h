// Plans, to the store and back.
#pragma once

#include "archive/plan/plan.h"
#include "archive/selection.h"
#include "net/task_group.h"
#include "store/context.h"
#include "store/job.h"

#include <memory>
#include <string>
#include <vector>

namespace store {

using Plans = std::vector<std::shared_ptr<archive::Plan const>>;

// Stores the plans' entries as the selection of `owner_id`, chunk by chunk; the facts are for the
// owner's row, which makes them valid.
net::task<PlanFacts> save_plans(Context const& context, std::string owner_id, Plans plans,
                                archive::LeftOut left_out);
// The plan of one of the archives. Error{corrupt} where what is stored is not what the facts say.
net::task<std::shared_ptr<archive::Plan const>> load_plan(Context const& context,
                                                          std::string owner_id, PlanFacts facts,
                                                          std::size_t archive);

}  // namespace store
