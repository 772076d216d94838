// The process's memory budget: every buffer of data takes its bytes here before it is allocated.
//
// A request for more than is free waits in line. Urgent requests (the first bytes of a download, a
// small zip's one part) go before all others and may take a reserve that is kept for them, so that
// small work does not stand behind large. Within each of the two kinds grants go round between the
// payers, who are accounts, and are made in order within one: nobody waits because another asks for
// much. So other requests wait for as long as urgent ones take all memory. A budget may have a
// lender, another budget, which lends it a part of its free bytes while no request waits there.
// Thread-safe; callbacks run on the thread that gives the bytes back.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace base {

class Budget {
 public:
  // Bytes taken from the budget; they go back when the grant dies. The budget outlives its grants.
  class Grant {
   public:
    Grant() = default;
    Grant(Grant&& other) noexcept
        : budget_(std::exchange(other.budget_, nullptr)),
          bytes_(std::exchange(other.bytes_, 0)),
          lent_(other.lent_) {}
    Grant& operator=(Grant&& other) noexcept {
      std::swap(budget_, other.budget_);
      std::swap(bytes_, other.bytes_);
      std::swap(lent_, other.lent_);
      return *this;
    }
    ~Grant();
    std::uint64_t bytes() const { return bytes_; }

   private:
    friend class Budget;
    Grant(Budget* budget, std::uint64_t bytes, bool lent = false)
        : budget_(budget), bytes_(bytes), lent_(lent) {}
    Budget* budget_ = nullptr;
    std::uint64_t bytes_ = 0;
    bool lent_ = false;
  };

  enum class Urgency : std::uint8_t { can_wait, urgent };

  using Callback = std::function<void(Grant)>;
  using Ticket = std::uint64_t;

  // The lender is borrowed, outlives this budget and has none itself.
  explicit Budget(std::uint64_t total_bytes, Budget* lender = nullptr)
      : total_(total_bytes), lender_(lender) {}

  // Calls `granted` once `bytes` are free and the requests before it in line have been granted;
  // from here if that is now. A request for more than the budget is granted when all is free.
  Ticket request(std::uint64_t bytes, Urgency urgency, Callback granted,
                 std::string_view payer = {});
  // Takes the bytes only if they can be had at once, here or from the lender.
  std::optional<Grant> try_take(std::uint64_t bytes, Urgency urgency = Urgency::can_wait);
  // Takes a request back; false where it has been granted already.
  bool withdraw(Ticket ticket);

  std::uint64_t total_bytes() const { return total_; }
  std::uint64_t used_bytes() const;
  // Bytes that are kept for urgent requests.
  std::uint64_t reserve_bytes() const { return total_ / 16; }
  // Free bytes beside the reserve, and those that the lender would lend now.
  std::uint64_t free_bytes() const;
  // Whether a request waits in line.
  bool is_waited_for() const;
  // Whether owners of spare bytes should give them back: a request waits here or at the lender, or
  // less than a quarter is free.
  bool is_pressed() const;

 private:
  struct Waiting {
    Ticket ticket;
    std::uint64_t bytes;
    Callback granted;
  };
  // The requests of one urgency. The payers stand in a ring, each with its own requests in order.
  class Line {
   public:
    bool empty() const { return ring_.empty(); }
    Waiting const& front() const { return waiting_.find(ring_.front())->second.front(); }
    void add(std::string payer, Waiting waiting);
    // Takes the front off; its payer goes to the end of the ring.
    Waiting take_front();
    bool withdraw(Ticket ticket);

   private:
    std::deque<std::string> ring_;
    std::map<std::string, std::deque<Waiting>> waiting_;  // of each payer in the ring, one at least
  };
  void give_back(Grant const& grant);
  std::uint64_t most_lent() const { return total_ / 5 * 2; }
  // Whether a request of that urgency could be granted now if none stood before it.
  bool fits(std::uint64_t bytes, Urgency urgency) const;
  std::optional<Grant> try_lend(std::uint64_t bytes);
  std::uint64_t lendable_bytes() const;
  bool has_line() const { return !urgent_.empty() || !can_wait_.empty(); }
  // Takes the requests off the line that can be granted now.
  std::vector<Waiting> take_ready();

  std::uint64_t const total_;
  Budget* const lender_;
  mutable std::mutex mutex_;
  std::uint64_t used_ = 0;
  std::uint64_t lent_ = 0;  // part of used_
  Ticket next_ticket_ = 1;
  Line urgent_;  // before the others
  Line can_wait_;
};

}  // namespace base
