#include "api/sign_in/browser_name.h"

#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace api {
namespace {

TEST(BrowserName, is_the_one_that_people_know) {
  std::vector<std::pair<std::string, std::string>> const cases{
      {"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
       "Firefox on Linux"},
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
       "Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
       "Edge on Windows"},
      {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
       "Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
       "Safari on iPhone"},
      {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
       "Chrome/141.0.0.0 Mobile Safari/537.36",
       "Chrome on Android"},
      {"curl/8.5.0", "a browser"},
      {"", "a browser"},
      {"Something (Linux)", "a browser on Linux"}};
  for (auto const& [header, name] : cases) EXPECT_EQ(browser_name(header), name) << header;
}

}  // namespace
}  // namespace api
