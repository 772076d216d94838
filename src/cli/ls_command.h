// `s3zipper ls`: lists the entries of a zip in S3, or of a file, without reading more than its end.
#pragma once

namespace CLI {
class App;
}

namespace cli {

void add_ls_command(CLI::App& app);

}  // namespace cli
