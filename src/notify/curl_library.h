// libcurl, loaded when it is first used: it comes with some twenty libraries, which take 5 MiB and
// half of the program's start. A server that sends no mail does without.
#pragma once

#include <curl/curl.h>

namespace notify {

// The library's functions, without their "curl_".
struct CurlLibrary {
  decltype(&curl_easy_init) easy_init;
  decltype(&curl_easy_setopt) easy_setopt;
  decltype(&curl_easy_perform) easy_perform;
  decltype(&curl_easy_getinfo) easy_getinfo;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_easy_cleanup) easy_cleanup;
  decltype(&curl_slist_append) slist_append;
  decltype(&curl_slist_free_all) slist_free_all;
  decltype(&curl_mime_init) mime_init;
  decltype(&curl_mime_addpart) mime_addpart;
  decltype(&curl_mime_data) mime_data;
  decltype(&curl_mime_type) mime_type;
  decltype(&curl_mime_encoder) mime_encoder;
  decltype(&curl_mime_subparts) mime_subparts;
  decltype(&curl_mime_free) mime_free;
};

// Thread-safe; the library stays until the program ends. Throws Error{config} if it is missing.
CurlLibrary const& curl_library();

}  // namespace notify
