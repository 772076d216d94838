// TLS between our client and our server: trust, half and no handshakes, ends and cuts, and
// certificates that are replaced.
#include "net/tls.h"

#include "base/error.h"
#include "net/connect.h"
#include "net/deadline.h"
#include "net/listener.h"
#include "net/runtime.h"
#include "net/task_group.h"
#include "net/tls_server.h"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace net {
namespace {

using namespace std::chrono_literals;
using base::Fault;

// A certificate for 127.0.0.1, signed by its own key, in two files.
void write_pair(std::string const& certificate_file, std::string const& key_file) {
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  X509* const certificate = X509_new();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_EXTENSION* const names =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext(certificate, names, -1);
  X509_sign(certificate, key, EVP_sha256());
  std::FILE* file = std::fopen(certificate_file.c_str(), "w");
  PEM_write_X509(file, certificate);
  std::fclose(file);
  file = std::fopen(key_file.c_str(), "w");
  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  X509_EXTENSION_free(names);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

task<void> echo(std::unique_ptr<Stream> stream) {
  std::vector<char> buffer(40'000);
  while (std::size_t const got = co_await stream->read_some(buffer)) {
    std::string_view const all(buffer.data(), got);
    std::string_view const pieces[] = {all.substr(0, got / 2), "", all.substr(got / 2)};
    co_await stream->write(pieces);
  }
  stream->end_writing();
  stream->end_writing();  // changes nothing
}

task<void> say_half_and_close(std::unique_ptr<Stream> stream) {
  std::string_view const pieces[] = {"half"};
  co_await stream->write(pieces);
  stream->close();
  stream->end_writing();  // too late to pretend that the answer is whole
}

class TlsTest : public testing::Test {
 protected:
  TlsTest() {
    std::signal(SIGPIPE, SIG_IGN);
    std::string const name = testing::UnitTest::GetInstance()->current_test_info()->name();
    folder_ = testing::TempDir() + "s3zipper-tls-test-" + name;
    std::filesystem::create_directories(folder_);
    certificate_file_ = folder_ + "/certificate.pem";
    key_file_ = folder_ + "/key.pem";
    write_pair(certificate_file_, key_file_);
  }
  ~TlsTest() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
  std::string certificate_file_;
  std::string key_file_;
};

// A listener that lives as long as a test needs it.
class Served {
 public:
  Served(TlsServer& tls, Listener::OnConnection on_connection,
         std::chrono::milliseconds handshake = 10s)
      : listener_(runtime_.loops(), parse_address("127.0.0.1:0"), {&tls, handshake}) {
    spawn_detached(runtime_.loops().front(), listener_.run(std::move(on_connection)), "listener");
  }
  ~Served() {
    listener_.stop();
    runtime_.stop();
  }
  Served(Served const&) = delete;
  Served& operator=(Served const&) = delete;

  Address address() const { return {"127.0.0.1", listener_.port()}; }

 private:
  Runtime runtime_{1};
  Listener listener_;
};

// All bytes until the end of the stream.
task<std::string> read_to_end(Stream& stream) {
  std::string text;
  std::vector<char> buffer(10'000);
  while (std::size_t const got = co_await stream.read_some(buffer)) text.append(buffer.data(), got);
  co_return text;
}

// Sends pieces around the size of a record, 16 KiB, in one write.
task<void> send_and_end(Stream& stream, std::string_view text) {
  constexpr std::array<std::size_t, 6> sizes{1, 5, 65'530, 16'384, 16'383, 40'000};
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    pieces.push_back(text.substr(0, sizes[pieces.size() % sizes.size()]));
    text.remove_prefix(pieces.back().size());
  }
  co_await stream.write(pieces);
  stream.end_writing();
}

task<void> bytes_come_back(Address address, TlsClient const& trusting) {
  auto const stream = co_await connect_tls(address, trusting, "127.0.0.1");
  std::string sent;
  sent.resize(20'000'000);
  for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<char>(i * i % 251);
  TaskGroup sending(co_await this_loop());
  sending.spawn(send_and_end(*stream, sent));
  co_await sleep(std::chrono::milliseconds(50));  // the sockets are full by then
  std::string const got = co_await read_to_end(*stream);
  EXPECT_TRUE(got == sent);
  co_await sending.wait_all();
}

TEST_F(TlsTest, bytes_go_both_ways_and_end) {
  TlsServer tls(certificate_file_, key_file_);
  TlsClient const trusting(certificate_file_);
  Served const served(tls, echo);
  run_to_end(bytes_come_back(served.address(), trusting));
}

// The fault of a connection that fails, or whose bytes end without an end.
task<std::optional<Fault>> fault_of_reading(Address address, TlsClient const& client) {
  try {
    auto const stream = co_await connect_tls(address, client, "127.0.0.1");
    co_await read_to_end(*stream);
  } catch (base::Error const& error) {
    co_return error.fault();
  }
  co_return std::nullopt;
}

task<void> a_cut_is_seen(Address address, TlsClient const& trusting) {
  EXPECT_EQ(co_await fault_of_reading(address, trusting), Fault::disconnected);
}

TEST_F(TlsTest, a_closed_stream_is_a_cut_not_an_end) {
  TlsServer tls(certificate_file_, key_file_);
  TlsClient const trusting(certificate_file_);
  Served const served(tls, say_half_and_close);
  run_to_end(a_cut_is_seen(served.address(), trusting));
}

// True if the stream ends without an answer of HTTP's; an alert of TLS may come before.
task<bool> is_let_go(Stream& stream) {
  try {
    std::string const got = co_await read_to_end(stream);
    co_return got.find("HTTP") == std::string::npos;
  } catch (base::Error const& error) {
    co_return error.fault() == Fault::disconnected;
  }
}

task<void> others_are_not_disturbed(Address address, TlsClient const& trusting) {
  TlsClient const suspicious;
  EXPECT_EQ(co_await fault_of_reading(address, suspicious), Fault::unavailable);
  std::vector<std::unique_ptr<Stream>> stalled;
  for (int i = 0; i < 20; ++i) stalled.push_back(co_await connect(address));
  auto const garbage = co_await connect(address);
  std::string_view const request[] = {"GET / HTTP/1.1\r\n\r\n"};
  co_await garbage->write(request);
  EXPECT_TRUE(co_await is_let_go(*garbage));
  co_await bytes_come_back(address, trusting);
  // Silent clients are let go.
  for (auto const& stream : stalled) EXPECT_TRUE(co_await is_let_go(*stream));
}

TEST_F(TlsTest, half_handshakes_and_garbage_end_and_disturb_nobody) {
  TlsServer tls(certificate_file_, key_file_);
  TlsClient const trusting(certificate_file_);
  {
    Served const served(tls, echo, 300ms);
    run_to_end(others_are_not_disturbed(served.address(), trusting));
  }
  EXPECT_EQ(tls.shaking_hands, 0U);
}

task<void> expect_trust(Address address, TlsClient const& client, bool expected) {
  std::optional<Fault> fault;
  try {
    auto const stream = co_await connect_tls(address, client, "127.0.0.1");
    stream->end_writing();
    co_await read_to_end(*stream);
  } catch (base::Error const& error) {
    fault = error.fault();
  }
  EXPECT_EQ(fault, expected ? std::nullopt : std::optional(Fault::unavailable));
}

TEST_F(TlsTest, a_new_certificate_is_taken_and_a_broken_one_is_not) {
  TlsServer tls(certificate_file_, key_file_);
  TlsClient const knows_first(certificate_file_);
  Served const served(tls, echo);
  run_to_end(expect_trust(served.address(), knows_first, true));

  write_pair(certificate_file_, key_file_);
  TlsClient const knows_second(certificate_file_);
  tls.reload(TlsServer::When::changed);  // the files may be half of a change
  run_to_end(expect_trust(served.address(), knows_first, true));
  tls.reload(TlsServer::When::changed);
  run_to_end(expect_trust(served.address(), knows_first, false));
  run_to_end(expect_trust(served.address(), knows_second, true));

  std::ofstream(key_file_) << "no key";
  tls.reload(TlsServer::When::now);
  run_to_end(expect_trust(served.address(), knows_second, true));

  write_pair(certificate_file_, key_file_);
  TlsClient const knows_third(certificate_file_);
  tls.reload(TlsServer::When::now);
  run_to_end(expect_trust(served.address(), knows_third, true));
}

// The error's message; empty if there is none.
std::string refusal(std::string const& certificate_file, std::string const& key_file) {
  try {
    TlsServer const tls(certificate_file, key_file);
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), Fault::config);
    return error.what();
  }
  return "";
}

TEST_F(TlsTest, what_cannot_be_read_is_named) {
  std::string const other = folder_ + "/other.pem";
  write_pair(folder_ + "/unused.pem", other);
  EXPECT_EQ(refusal(certificate_file_, key_file_), "");
  EXPECT_TRUE(refusal(folder_ + "/none", key_file_).starts_with("tls.certificate_file: "));
  EXPECT_TRUE(refusal(key_file_, key_file_).starts_with("tls.certificate_file: "));
  EXPECT_TRUE(refusal(certificate_file_, folder_ + "/none").starts_with("tls.key_file: "));
  EXPECT_TRUE(refusal(certificate_file_, other).starts_with("tls.key_file: "));
}

}  // namespace
}  // namespace net
