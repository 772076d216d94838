// `s3zipper get`: extracts entries of a zip in S3, or of a file, reading no more than these.
#pragma once

namespace CLI {
class App;
}

namespace cli {

// Throws Interrupted, or what extracting failed with; then nothing is left of unfinished entries,
// and finished ones stay.
void add_get_command(CLI::App& app);

}  // namespace cli
