// Saves plans in the store, and loads them.
#pragma once

#include "archive/plan/planned_archive.h"
#include "archive/selection.h"
#include "net/blocking.h"
#include "store/records/hold.h"
#include "store/records/plan_facts.h"
#include "store/selections.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace store {

using Archives = std::vector<std::shared_ptr<archive::PlannedArchive>>;

// Stores the archives' entries as the selection of the held job or link, chunk by chunk; the facts
// are for its row, which makes them valid. nullopt if the hold is not valid any more. `blocking`
// packs the chunks.
net::task<std::optional<PlanFacts>> save_plans(Selections& selections, net::BlockingPool& blocking,
                                               Hold hold, Archives archives,
                                               archive::LeftOut left_out);
// Loads one of the archives. Error{corrupt} if the stored chunks are not what the facts say.
net::task<std::shared_ptr<archive::PlannedArchive>> load_plan(Selections& selections,
                                                              net::BlockingPool& blocking,
                                                              std::string owner_id, PlanFacts facts,
                                                              std::size_t archive);

}  // namespace store
