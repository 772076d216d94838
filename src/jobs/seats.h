// How many jobs run at a time. A job takes a seat when it is claimed; while no byte of it moves, as
// its object store does not answer, it leaves the seat to another, and goes on without one.
//
// An account has half of the seats at most, so that another one that comes later finds as many; and
// some seats more are for accounts that run nothing: a newcomer's zip begins at once.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>

namespace jobs {

// Thread-safe.
class Seats {
 public:
  // A job's seat, as long as this lives, unless it is left.
  class Seat {
   public:
    Seat() = default;  // none, for a job that is run by itself
    ~Seat();
    Seat(Seat&& other) noexcept;
    Seat& operator=(Seat&&) = delete;
    // Leaves it to another job, or takes it again, also where none is free.
    void leave();
    void take_again();

   private:
    friend class Seats;
    explicit Seat(Seats& seats) : seats_(&seats), is_taken_(true) {}
    Seats* seats_ = nullptr;
    bool is_taken_ = false;
  };
  // A seat for a job of an account that runs fewer than `most_running`.
  struct Offer {
    Seat seat;
    std::size_t most_running;
  };

  // `on_left` is called when a job that goes on has left its seat.
  explicit Seats(std::size_t workers, std::function<void()> on_left = {})
      : workers_(workers), on_left_(std::move(on_left)) {}

  std::optional<Offer> offer();
  // Whether there is one for a job of any account.
  bool has_free() const;
  // Jobs that may be under way, with those that have left their seats.
  std::size_t most_jobs() const;

 private:
  std::size_t for_one() const;
  std::size_t for_newcomers() const;
  void change(int taken);

  std::size_t const workers_;
  std::function<void()> const on_left_;
  mutable std::mutex mutex_;
  std::size_t taken_ = 0;
};

}  // namespace jobs
