// `s3zipper check-store`: finds out what an object store can do, and says it in a table.
#pragma once

namespace CLI {
class App;
}

namespace cli {

// Throws Error{unavailable} if the object store lacks abilities that zips need, or something could
// not be removed again.
void add_check_store_command(CLI::App& app);

}  // namespace cli
