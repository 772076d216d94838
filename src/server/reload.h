// Reads the certificate again at SIGHUP, and those settings that can change while the server runs.
// It says in the log what it has done; a configuration that is wrong changes nothing. Used by one
// task.
#pragma once

#include "server/config.h"

#include <functional>
#include <string>

namespace net {
class TlsServer;
}

namespace server {

// The settings that a command was given, and the file that is among their sources; empty: none.
struct GivenSettings {
  Values values;
  std::string file;
};
using ReadSettings = std::function<GivenSettings()>;

class Reloading {
 public:
  // `tls` is borrowed; null without one.
  Reloading(ReadSettings read, GivenSettings in_use, net::TlsServer* tls)
      : read_(std::move(read)), in_use_(std::move(in_use)), tls_(tls) {}

  // Reads files, and so is not for an event loop.
  void reload();

 private:
  void read_settings();
  void take(GivenSettings const& read);

  ReadSettings read_;
  GivenSettings in_use_;
  net::TlsServer* tls_;
};

}  // namespace server
