// A Stream over plain TCP. Included by net/*.cc only.
#pragma once

#include "net/socket.h"
#include "net/stream.h"

#include <memory>

namespace net {

std::unique_ptr<Stream> make_tcp_stream(Socket socket);

}  // namespace net
