// GET /api/zips/{id}/files and GET /api/zips/{id}/files/{name}, and the same of streams: what is in
// a zip, a file of it, and a folder of it as a zip. docs/guides/files.md describes them.
#pragma once

#include "api/files/contents_cache.h"
#include "api/service.h"

namespace api {

// The cache is of the process, and outlives the calls.
net::task<void> list_zip_files(Service const& service, ContentsCache& cache,
                               http::Exchange& exchange);
net::task<void> list_link_files(Service const& service, ContentsCache& cache,
                                http::Exchange& exchange);
net::task<void> take_zip_file(Service const& service, ContentsCache& cache,
                              http::Exchange& exchange);
net::task<void> take_link_file(Service const& service, ContentsCache& cache,
                               http::Exchange& exchange);

// Answers with the page of the list that the request's query asks for (file_page.h).
net::task<void> answer_page(Service const& service, http::Exchange& exchange,
                            std::shared_ptr<archive::Contents const> contents);

}  // namespace api
