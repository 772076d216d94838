#include "notify/curl_library.h"

#include "base/error.h"

#include <dlfcn.h>

#include <fmt/format.h>

namespace notify {

using base::Error;
using base::Fault;

namespace {

// The name of its binary interface, which has been the same since 2006.
constexpr char const* file_name = "libcurl.so.4";

template <class Function>
void find(void* library, char const* name, Function& function) {
  // POSIX says that a function's address may be taken from dlsym() so.
  function = reinterpret_cast<Function>(::dlsym(library, name));
  if (function == nullptr)
    throw Error(Fault::config, fmt::format("{} has no {}(): it is too old", file_name, name));
}

CurlLibrary load() {
  void* const library = ::dlopen(file_name, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    char const* const reason = ::dlerror();
    throw Error(Fault::config, fmt::format("mail takes libcurl: {}", reason));
  }
  decltype(&curl_global_init) global_init = nullptr;
  find(library, "curl_global_init", global_init);
  base::check(global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "curl_global_init");
  CurlLibrary curl{};
  find(library, "curl_easy_init", curl.easy_init);
  find(library, "curl_easy_setopt", curl.easy_setopt);
  find(library, "curl_easy_perform", curl.easy_perform);
  find(library, "curl_easy_getinfo", curl.easy_getinfo);
  find(library, "curl_easy_strerror", curl.easy_strerror);
  find(library, "curl_easy_cleanup", curl.easy_cleanup);
  find(library, "curl_slist_append", curl.slist_append);
  find(library, "curl_slist_free_all", curl.slist_free_all);
  find(library, "curl_mime_init", curl.mime_init);
  find(library, "curl_mime_addpart", curl.mime_addpart);
  find(library, "curl_mime_data", curl.mime_data);
  find(library, "curl_mime_type", curl.mime_type);
  find(library, "curl_mime_encoder", curl.mime_encoder);
  find(library, "curl_mime_subparts", curl.mime_subparts);
  find(library, "curl_mime_free", curl.mime_free);
  return curl;
}

}  // namespace

CurlLibrary const& curl_library() {
  static CurlLibrary const curl = load();
  return curl;
}

}  // namespace notify
