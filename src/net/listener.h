// A listening TCP socket that hands its connections to the event loops in turn.
#pragma once

#include "net/connect.h"
#include "net/stream.h"

#include <functional>
#include <memory>
#include <vector>

namespace net {

class Listener {
 public:
  // Called on the loop that the connection belongs to.
  using OnConnection = std::function<task<void>(std::unique_ptr<Stream>)>;

  // Binds and listens at once; port 0 takes a free one. Error{config} that names the address
  // where that fails.
  Listener(std::vector<Executor> loops, Address const& address);
  ~Listener();

  std::uint16_t port() const;
  // Accepts until stop(), on the first loop.
  task<void> run(OnConnection on_connection);
  void stop();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace net
