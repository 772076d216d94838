// Objects whose reads fail: one read of such an object at a time goes on trying, the others wait
// for what it comes to. An object of a hundred segments is asked for by one of them then, not by a
// hundred. Belongs to one event loop.
#pragma once

#include "net/event.h"
#include "net/task.h"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace s3 {

class AilingObjects {
  struct Object;

 public:
  // The right to try. When it goes, the next in line has it.
  class Turn {
   public:
    explicit Turn(std::shared_ptr<Object> object);
    Turn(Turn&&) noexcept = default;
    Turn& operator=(Turn&& other) noexcept;
    ~Turn();
    // Tries in a row that have failed, whosever turn it was.
    int& failures() const;

   private:
    std::shared_ptr<Object> object_;
  };

  // Where none is known, no name is ailing.
  bool empty() const { return objects_.empty(); }
  // Whether a read of it goes on trying.
  bool is_ailing(std::string const& name) const;
  // Waits while another has the turn; nullopt where that one has got through in the meantime.
  net::task<std::optional<Turn>> take_turn(std::string name);
  // Bytes of it have come, or a refusal for good: all may try.
  void note_recovery(std::string const& name);

 private:
  // Held by those who try and wait.
  std::map<std::string, std::weak_ptr<Object>> objects_;
};

}  // namespace s3
