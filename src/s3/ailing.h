// Objects whose reads fail: one read of such an object at a time goes on trying, the others wait
// for its outcome. So one task asks for an object of a hundred segments then, not a hundred.
// Belongs to one event loop.
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
  // The right to try. When a Turn ends, the next task in line has it.
  class Turn {
   public:
    explicit Turn(std::shared_ptr<Object> object);
    Turn(Turn&&) noexcept = default;
    Turn& operator=(Turn&& other) noexcept;
    ~Turn();
    // Tries in a row that have failed, in any task's turn.
    int& failures() const;

   private:
    std::shared_ptr<Object> object_;
  };

  // True if no object is ailing.
  bool empty() const { return objects_.empty(); }
  // Whether a read of this object goes on trying.
  bool is_ailing(std::string const& name) const;
  // Waits while another task has the turn; nullopt if that task has got through meanwhile.
  net::task<std::optional<Turn>> take_turn(std::string name);
  // Called when bytes of the object have come, or a refusal for good: all may try then.
  void note_recovery(std::string const& name);

 private:
  // The trying and the waiting tasks hold the Objects.
  std::map<std::string, std::weak_ptr<Object>> objects_;
};

}  // namespace s3
