// The limits of the service around the engine: people and their keys, the files of a zip, events.
// They stand apart from limits.h, which everything includes: a change here rebuilds the service
// alone.
#pragma once

#include "base/limits.h"

namespace base::limits {

// ---- keys, sessions and codes of accounts
inline constexpr std::size_t max_user_keys = 50;
// A renewed secret's predecessor may work beside it for this long: a day and night for a fleet.
inline constexpr auto longest_secret_overlap = 24h * 7;
// People see when a key was last used; each note is a write.
inline constexpr auto key_use_noted_after = 10s;
inline constexpr auto session_life = 24h * 30;  // since it was last seen
inline constexpr auto session_noted_after = 5min;
inline constexpr std::size_t max_sessions = 50;  // of an account
// Passwords that are hashed at a time: each takes 64 MiB and a core for some 0.1 s.
inline constexpr std::size_t passwords_at_once = 2;
// Sign-ins and registrations that wait for their turn; more are answered 503.
inline constexpr std::size_t passwords_waiting = 64;
inline constexpr auto set_up_code_life = 24h * 7;
inline constexpr auto invitation_life = 24h * 7;
inline constexpr auto confirmation_life = 24h;
inline constexpr auto password_code_life = 1h;
inline constexpr auto sign_in_code_life = 1h;
// A mail with a code for its receiver, who asks for another one if it does not come.
inline constexpr int posted_mail_attempts = 4;

// ---- events
// Event streams of all zips of an account: the account's zips that run are looked up this often,
// once for all its streams, and a zip is told of no more often.
inline constexpr auto account_event_interval = 1s;
// Such streams of one account at a time: tabs of browsers, and some programs.
inline constexpr std::size_t account_event_streams = 50;

// ---- large bodies of requests
// The memory that a body takes, in times of its length: the text, what is parsed of it, and what is
// stored (measured: 165 MiB for 27 MiB of JSON).
inline constexpr std::uint64_t memory_of_body = 6;
// A request waits so long for it; then it is answered 503.
inline constexpr auto body_memory_wait = 10s;
// A large body comes in this time: its memory is kept from others meanwhile.
inline constexpr auto body_time = 120s;

// ---- lists and usage
inline constexpr std::size_t max_list_search_bytes = 256;
// Zips that have not ended, of all accounts, in an administrator's list.
inline constexpr std::size_t unended_zips_told = 500;
// What a zip would be is told in this time, or not; the first names that differ from their keys.
inline constexpr auto estimate_time = 120s;
inline constexpr std::size_t estimated_renames_told = 100;
// Usage of accounts is counted by the hour, for the last 30 days and the day that is not over; from
// then on by the day.
inline constexpr auto usage_by_the_hour = 24h * 31;
inline constexpr auto usage_retention = 24h * 366;

// ---- the files of a zip (GET /api/zips/{id}/files)
// Files and folders of one page: a page of the largest size is a reply of some 200 KiB.
inline constexpr std::size_t default_file_page = 200;
inline constexpr std::size_t largest_file_page = 1'000;
inline constexpr std::size_t max_file_search_bytes = 1 * KiB;
// Lists of entries that are kept for the next page, all together: some 300,000 entries. A longer
// list is read anew for each page; for 1,000,000 entries these are 100 MB from the bucket, or 500
// rows of the store: a second or so.
inline constexpr std::uint64_t kept_contents_bytes = 32 * MiB;
// A list that nobody has asked for in this time is dropped.
inline constexpr auto kept_contents_time = 300s;
// The bucket is not asked again in this time whether the zip is still the one that was listed: a
// person who opens one folder after the other waits for no bucket.
inline constexpr auto contents_trusted_time = 10s;
// A stored entry up to this size is read together with its header, in one request.
inline constexpr std::uint64_t read_with_header_bytes = 64 * KiB;
// A compressed entry is unpacked in steps of so many packed bytes, which become 4 MiB at most; and
// is sent to the client in pieces of this size or one step more.
inline constexpr std::uint64_t unpacked_step_bytes = 4 * KiB;
inline constexpr std::uint64_t unpacked_piece_bytes = 256 * KiB;

}  // namespace base::limits
