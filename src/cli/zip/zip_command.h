// `s3zipper zip`: the engine of the server in one process, without a server: into a bucket, a file
// or standard output.
#pragma once

namespace CLI {
class App;
}

namespace cli {

// The command runs when the line is parsed. Throws UsageError, Interrupted, or the error of making
// the zip; nothing is left behind then.
void add_zip_command(CLI::App& app);

}  // namespace cli
