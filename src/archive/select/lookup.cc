#include "archive/select/lookup.h"

#include "aws/endpoint.h"
#include "base/error.h"
#include "base/limits.h"
#include "zip/names.h"

#include <fmt/format.h>

namespace archive {

namespace limits = base::limits;
using base::Error;
using base::Fault;

Place place_of(std::string_view path, std::string_view bucket) {
  if (path.starts_with('/')) path.remove_prefix(1);
  std::size_t const slash = path.find('/');
  std::string_view const first = path.substr(0, slash);
  if (first == bucket || first == "{{bucket}}") {
    path = slash == std::string_view::npos ? "" : path.substr(slash + 1);
  }
  return {std::string(bucket), std::string(path)};
}

std::optional<Place> other_place_of(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  std::size_t const slash = path.find('/');
  std::string_view const first = path.substr(0, slash);
  if (!aws::is_bucket_name(first)) return std::nullopt;
  std::string_view const rest = slash == std::string_view::npos ? "" : path.substr(slash + 1);
  return Place{std::string(first), std::string(rest)};
}

std::string folder_prefix(std::string const& key) {
  return key.empty() || key.ends_with('/') ? key : key + '/';
}

namespace {

struct Lookup {
  bool done = false;
  Lookups::Answer answer;
};

}  // namespace

struct LookingUp {
  LookingUp(net::Executor const& loop, std::shared_ptr<s3::ObjectStore> from, std::string in)
      : store(std::move(from)), bucket(std::move(in)), done(loop), tasks(loop) {}

  std::shared_ptr<s3::ObjectStore> store;
  std::string bucket;
  net::Event done;
  std::deque<std::shared_ptr<Lookup>> in_order;
  LookupCalls calls;
  // The state owns them and Lookups cancels them: a task that holds the state cannot own it.
  net::TaskGroup tasks;
};

namespace {

// The answer about one place: found, nothing there, or not allowed to know.
struct PlaceAnswer {
  std::optional<ObjectOrFolder> found;
  bool is_deleted = false;  // what was looked for
  std::optional<Error> refusal;
};

// S3 answers bad input for the name of a bucket or key that it does not take: a path's first
// segment may be no bucket at all.
bool is_refusal(Error const& error) {
  return error.fault() == Fault::forbidden || error.fault() == Fault::not_found ||
         error.fault() == Fault::bad_input;
}

net::task<PlaceAnswer> look_for_object(LookingUp& state, Place place, std::string version_id) {
  PlaceAnswer answer;
  try {
    s3::ObjectName name{place.bucket, place.key, std::move(version_id)};
    ++state.calls.heads;
    s3::Headed headed = co_await state.store->head_object(std::move(name));
    answer.is_deleted = headed.is_deleted;
    if (headed.object) answer.found = ObjectOrFolder{place, std::move(headed.object), std::nullopt};
  } catch (Error const& error) {
    // Without the permission to list, a missing key is 403, too: the listing decides.
    if (!is_refusal(error)) throw;
    answer.refusal = error;
  }
  co_return answer;
}

net::task<PlaceAnswer> look_for_folder(LookingUp& state, Place place) {
  PlaceAnswer answer;
  try {
    s3::ListOptions options{.prefix = folder_prefix(place.key),
                            .max_keys = limits::listing_page_keys};
    ++state.calls.lists;
    s3::ListPage page = co_await state.store->list_objects(place.bucket, std::move(options));
    // An empty bucket was found, although nothing is in it; and there may be something on a later
    // page.
    if (!page.objects.empty() || page.is_truncated || place.key.empty())
      answer.found = ObjectOrFolder{place, std::nullopt, std::move(page)};
  } catch (Error const& error) {
    if (!is_refusal(error)) throw;
    answer.refusal = error;
  }
  co_return answer;
}

// Runs beside another call; its caller may end before it.
net::task<void> look_for_folder_beside(std::shared_ptr<LookingUp> state, Place place,
                                       std::shared_ptr<PlaceAnswer> answer) {
  *answer = co_await look_for_folder(*state, std::move(place));
}

// The result of two looks at one name. Credentials that may not list find objects all the same.
PlaceAnswer both(Place const& place, PlaceAnswer object, PlaceAnswer folder) {
  PlaceAnswer answer;
  if (object.found || folder.found) {
    ObjectOrFolder& found =
        answer.found.emplace(ObjectOrFolder{.place = place, .object = {}, .first_page = {}});
    if (object.found) found.object = std::move(object.found->object);
    if (folder.found) found.first_page = std::move(folder.found->first_page);
  } else {
    answer.refusal = folder.refusal ? folder.refusal : object.refusal;
    answer.is_deleted = object.is_deleted;
  }
  return answer;
}

// An object and a folder may have one name: both are looked for, at one time, and both are found.
net::task<PlaceAnswer> look_in(std::shared_ptr<LookingUp> const& state, Place place) {
  if (place.key.empty() || place.key.ends_with('/'))
    co_return co_await look_for_folder(*state, place);
  net::Executor const loop = co_await net::this_loop();
  net::TaskGroup beside(loop);
  auto const folder = std::make_shared<PlaceAnswer>();
  beside.spawn(look_for_folder_beside(state, place, folder));
  PlaceAnswer object = co_await look_for_object(*state, place, "");
  co_await beside.wait_all();
  co_return both(place, std::move(object), std::move(*folder));
}

net::task<PlaceAnswer> look_for_path(std::shared_ptr<LookingUp> const& state, std::string path) {
  Place const first = place_of(path, state->bucket);
  PlaceAnswer answer = co_await look_in(state, first);
  auto const second = other_place_of(path);
  if (answer.found || !second || second->bucket == state->bucket) co_return answer;
  PlaceAnswer other = co_await look_in(state, *second);
  if (other.found) co_return other;
  answer.is_deleted = answer.is_deleted || other.is_deleted;
  co_return answer;
}

Place exact_place(std::string const& path) {
  auto place = other_place_of(path);
  if (!place) {
    throw Error(Fault::bad_input,
                fmt::format("\"{}\" does not begin with a bucket's name", zip::shown_name(path)));
  }
  return std::move(*place);
}

net::task<PlaceAnswer> find(std::shared_ptr<LookingUp> const& state, Wanted const& wanted) {
  net::task<PlaceAnswer> looking =
      wanted.kind == Wanted::Kind::path         ? look_for_path(state, wanted.text)
      : wanted.kind == Wanted::Kind::exact_path ? look_in(state, exact_place(wanted.text))
      : wanted.kind == Wanted::Kind::place
          ? look_in(state, wanted.place)
          : look_for_object(*state, wanted.place, wanted.version_id);
  PlaceAnswer answer = co_await std::move(looking);
  if (answer.refusal && !answer.found) throw *answer.refusal;
  co_return answer;
}

net::task<void> look_up(std::shared_ptr<LookingUp> state, std::shared_ptr<Lookup> lookup) {
  try {
    PlaceAnswer answer = co_await find(state, lookup->answer.wanted);
    lookup->answer.found = std::move(answer.found);
    lookup->answer.is_deleted = answer.is_deleted;
  } catch (...) {
    lookup->answer.failure = std::current_exception();
  }
  lookup->done = true;
  state->done.notify_all();
}

}  // namespace

Lookups::Lookups(net::Executor const& loop, std::shared_ptr<s3::ObjectStore> store,
                 std::string bucket)
    : state_(loop, std::move(store), std::move(bucket)) {}

Lookups::~Lookups() = default;

bool Lookups::has_room() const {
  std::size_t const ahead = state_->in_order.size();
  return ahead == 0 || (ahead < limits::max_gets_ahead && state_->store->has_room());
}

void Lookups::begin(Wanted wanted) {
  auto lookup = std::make_shared<Lookup>();
  lookup->answer.wanted = std::move(wanted);
  state_->in_order.push_back(lookup);
  Wanted const& begun = lookup->answer.wanted;
  if (begun.known) {
    lookup->answer.found = ObjectOrFolder{begun.place, begun.known, std::nullopt};
    lookup->done = true;
  } else {
    state_->tasks.spawn(look_up(state_.shared(), lookup));
  }
}

bool Lookups::empty() const {
  return state_->in_order.empty();
}

net::task<Lookups::Answer> Lookups::take() {
  std::shared_ptr<Lookup> const lookup = state_->in_order.front();
  while (!lookup->done) co_await state_->done.wait();
  state_->in_order.pop_front();
  co_return std::move(lookup->answer);
}

LookupCalls& Lookups::calls() {
  return state_->calls;
}

}  // namespace archive
