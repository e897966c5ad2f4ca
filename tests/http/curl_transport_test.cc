#include "connectors/http/curl_transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>

#include "tests/http/raw_server.h"

namespace webcare {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

// Every name is this machine, so that hosts can differ.
Result<Addresses> ResolveToHere(const std::string&) { return Addresses{"127.0.0.1"}; }

CurlOptions Options() {
  CurlOptions options;
  options.easy.user_agent = "webcared/test (+https://contact.example)";
  options.resolve = ResolveToHere;
  return options;
}

FetchRequest Request(const std::string& url) {
  FetchRequest request;
  request.url = url;
  request.limits.allow_http = true;
  request.limits.allow_private = true;
  request.limits.timeout = 20s;
  return request;
}

Result<HttpAnswer> Await(CurlTransport& transport, TransferId id) {
  const auto end = std::chrono::steady_clock::now() + 30s;
  while (std::chrono::steady_clock::now() < end) {
    for (auto& completion : transport.Wait(end))
      if (completion.id == id) return std::move(completion.answer);
  }
  return Error{ErrorCode::kCorrupt, "test: no completion"};
}

Result<HttpAnswer> Fetch(FetchRequest request, CurlOptions options = Options()) {
  CurlTransport transport(std::move(options));
  return Await(transport, transport.Start(std::move(request)));
}

MATCHER_P2(FailsWith, code, text, "") {
  if (arg.ok()) {
    *result_listener << "status " << arg->status;
    return false;
  }
  *result_listener << arg.error().message;
  return arg.error().code == code && arg.error().message.find(text) != std::string::npos;
}

// Zeros as gzip: one literal, then matches of 258 bytes in 13 bits each (RFC 1951, fixed codes).
std::string GzipOfZeros(std::size_t matches) {
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  unsigned bits = 0, held = 0;
  const auto put = [&](unsigned value, unsigned count) {  // Least significant bit first.
    bits |= value << held;
    for (held += count; held >= 8; held -= 8, bits >>= 8) out += static_cast<char>(bits & 0xff);
  };
  put(1, 1);
  put(1, 2);
  put(0x0c, 8);  // Literal 0: 00110000, reversed.
  for (std::size_t i = 0; i < matches; ++i) put(0xa3, 8), put(0, 5);  // 285: 11000101, reversed.
  put(0, 7);
  put(0, 8);
  return out;
}

TEST(CurlTransport, DeliversStatusHeadersAndBody) {
  RawServer server([](auto& peer, const std::string&) {
    peer.Send("HTTP/1.1 404 No\r\nETag:  W/\"x\" \r\nX-UPPER: Y\r\nContent-Length: 4\r\n\r\ngone");
  });
  const auto answer = Fetch(Request(server.Url("/a?b=c#frag")));
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 404);
  EXPECT_EQ(answer->body, "gone");
  EXPECT_EQ(answer->Header("etag"), "W/\"x\"");
  EXPECT_EQ(answer->Header("x-upper"), "Y");
  EXPECT_EQ(answer->final_url, server.Url("/a?b=c"));
  EXPECT_FALSE(answer->moved_permanently);
}

TEST(CurlTransport, SaysWhoAsksAndWhatItUnderstands) {
  RawServer server([](auto& peer, const std::string&) { peer.Send(Plain("ok")); });
  auto request = Request(server.Url());
  request.headers = {{"Accept", "text/xml"}};
  request.bearer_token = "t0k";
  ASSERT_TRUE(Fetch(std::move(request)).ok());
  EXPECT_THAT(server.Requests()[0],
              AllOf(HasSubstr("User-Agent: webcared/test (+https://contact.example)\r\n"),
                    HasSubstr("Accept-Encoding: gzip\r\n"), HasSubstr("Accept: text/xml\r\n"),
                    HasSubstr("Authorization: Bearer t0k\r\n"), Not(HasSubstr("Cookie"))));
}

TEST(CurlTransport, Decompresses) {
  const std::string zipped(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x27\xb9"
      "\x00\x00\x88\x59\x0b\x18\x00\x00\x00",
      29);
  RawServer server([&](auto& peer, const std::string&) {
    peer.Send(Plain(zipped, "Content-Encoding: gzip\r\n"));
  });
  const auto answer = Fetch(Request(server.Url()));
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->body, "hello hello hello hello\n");
}

TEST(CurlTransport, GzipBombEndsAtTheLimitCountedAfterDecompression) {
  const std::string bomb = GzipOfZeros(1'000'000);  // 1.6 MB for 258 MB.
  RawServer server([&](auto& peer, const std::string&) {
    peer.Send(Plain(bomb, "Content-Encoding: gzip\r\n"));
  });
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  EXPECT_THAT(Fetch(Request(server.Url())), FailsWith(ErrorCode::kInvalid, "body over 16777216"));
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 128 * 1024) << "KiB";
}

TEST(CurlTransport, BodyOfExactlyTheLimitIsTaken) {
  RawServer server(
      [&](auto& peer, const std::string&) { peer.Send(Plain(std::string(1024, 'x'))); });
  auto request = Request(server.Url());
  request.limits.max_body = KiB(1);
  EXPECT_TRUE(Fetch(request).ok());
  request.limits.max_body = {1023};
  EXPECT_THAT(Fetch(request), FailsWith(ErrorCode::kInvalid, "too large"));
}

TEST(CurlTransport, EndlessChunkedBodyEndsAtTheLimit) {
  RawServer server([](auto& peer, const std::string&) {
    peer.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
    while (peer.Send(chunk)) {
    }
  });
  EXPECT_THAT(Fetch(Request(server.Url())), FailsWith(ErrorCode::kInvalid, "body over"));
}

TEST(CurlTransport, DeclaredSizeOverTheLimitIsRefusedBeforeTheBody) {
  RawServer server([](auto& peer, const std::string&) {
    peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\nx");
  });
  EXPECT_THAT(Fetch(Request(server.Url())), FailsWith(ErrorCode::kInvalid, "declared body"));
}

TEST(CurlTransport, CutOffBodyIsAnErrorAndNotAShortPage) {
  RawServer length([](auto& peer, const std::string&) {
    peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc");
  });
  EXPECT_THAT(Fetch(Request(length.Url())), FailsWith(ErrorCode::kUnavailable, "127.0.0.1"));
  RawServer chunked([](auto& peer, const std::string&) {
    peer.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n");
  });
  EXPECT_THAT(Fetch(Request(chunked.Url())), FailsWith(ErrorCode::kUnavailable, "127.0.0.1"));
}

TEST(CurlTransport, ServerThatHangsUpAtOnceIsUnavailable) {
  RawServer server([](auto&, const std::string&) {});
  EXPECT_THAT(Fetch(Request(server.Url())), FailsWith(ErrorCode::kUnavailable, "127.0.0.1"));
}

TEST(CurlTransport, HeaderFloodEndsAtTheLimits) {
  RawServer many([](auto& peer, const std::string&) {
    std::string flood = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 100'000; ++i) flood += "a: b\r\n";
    peer.Send(flood);
  });
  EXPECT_THAT(Fetch(Request(many.Url())), FailsWith(ErrorCode::kInvalid, "headers"));
  RawServer large([](auto& peer, const std::string&) {
    peer.Send(Plain("ok", "a: " + std::string(70'000, 'x') + "\r\n"));
  });
  EXPECT_THAT(Fetch(Request(large.Url())), FailsWith(ErrorCode::kInvalid, "headers"));
  RawServer interim([](auto& peer, const std::string&) {
    while (peer.Send("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n")) {
    }
  });
  EXPECT_THAT(Fetch(Request(interim.Url())), FailsWith(ErrorCode::kInvalid, "headers"));
}

void Drip(RawServer::Peer& peer) {
  peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
  while (peer.Send("x")) std::this_thread::sleep_for(20ms);
}

TEST(CurlTransport, SlowDripIsCutByTheLowSpeedLimit) {
  RawServer server([](auto& peer, const std::string&) { Drip(peer); });
  auto options = Options();
  options.easy.low_speed_time = 1s;
  EXPECT_THAT(Fetch(Request(server.Url()), options), FailsWith(ErrorCode::kUnavailable, "Timeout"));
}

TEST(CurlTransport, SlowDripIsCutByTheTotalTime) {
  RawServer server([](auto& peer, const std::string&) { Drip(peer); });
  auto request = Request(server.Url());
  request.limits.timeout = 300ms;
  EXPECT_THAT(Fetch(request), FailsWith(ErrorCode::kUnavailable, "Timeout"));
}

TEST(CurlTransport, LongPollMayBeSilent) {
  RawServer server([](auto& peer, const std::string&) {
    std::this_thread::sleep_for(2500ms);  // What the server of a long poll does.
    peer.Send(Plain("news"));
  });
  auto options = Options();
  options.easy.low_speed_time = 1s;
  auto request = Request(server.Url());
  EXPECT_THAT(Fetch(request, options), FailsWith(ErrorCode::kUnavailable, "Timeout"));
  request.limits.may_be_silent = true;
  EXPECT_TRUE(Fetch(request, options).ok());
}

TEST(CurlTransport, RedirectLoopEndsAfterFiveHops) {
  RawServer server([](auto& peer, const std::string&) { peer.Send(Redirection(302, "/again")); });
  EXPECT_THAT(Fetch(Request(server.Url())),
              FailsWith(ErrorCode::kInvalid, "more than 5 redirects"));
  EXPECT_THAT(server.Requests(), SizeIs(6));
}

TEST(CurlTransport, TotalTimeCountsOverAllHops) {
  RawServer server([](auto& peer, const std::string&) {
    std::this_thread::sleep_for(200ms);
    peer.Send(Redirection(302, "/again"));
  });
  auto request = Request(server.Url());
  request.limits.timeout = 500ms;
  EXPECT_THAT(Fetch(request), FailsWith(ErrorCode::kUnavailable, ""));
  EXPECT_LE(server.Requests().size(), 3u);
}

TEST(CurlTransport, TellsPermanentFromTemporaryRedirects) {
  const struct {
    int first, second;
    bool permanent;
  } kCases[] = {{301, 308, true}, {301, 302, false}, {307, 301, false}, {303, 303, false}};
  for (const auto& test : kCases) {
    RawServer server([&](auto& peer, const std::string& request) {
      if (request.rfind("GET /c ", 0) == 0)
        peer.Send(Plain("there"));
      else if (request.rfind("GET /b ", 0) == 0)
        peer.Send(Redirection(test.second, "c"));
      else
        peer.Send(Redirection(test.first, "/b"));
    });
    const auto answer = Fetch(Request(server.Url("/a")));
    ASSERT_TRUE(answer.ok());
    EXPECT_EQ(answer->body, "there");
    EXPECT_EQ(answer->final_url, server.Url("/c"));
    EXPECT_EQ(answer->moved_permanently, test.permanent) << test.first << " " << test.second;
  }
}

TEST(CurlTransport, RedirectsToOtherProtocolsAreRefused) {
  for (const std::string target :
       {"file:///etc/hostname", "ftp://127.0.0.1/x", "gopher://127.0.0.1/", "dict://127.0.0.1/",
        "data:text/plain,x", "smb://h/x"}) {
    RawServer server([&](auto& peer, const std::string&) { peer.Send(Redirection(302, target)); });
    EXPECT_THAT(Fetch(Request(server.Url())), FailsWith(ErrorCode::kInvalid, "redirect refused"))
        << target;
  }
}

TEST(CurlTransport, PlainHttpIsRefusedUnlessAllowed) {
  RawServer server([](auto& peer, const std::string&) { peer.Send(Plain("ok")); });
  auto request = Request(server.Url());
  request.limits.allow_http = false;
  EXPECT_THAT(Fetch(request), FailsWith(ErrorCode::kInvalid, "protocol http"));
  EXPECT_THAT(server.Requests(), SizeIs(0));
}

TEST(CurlTransport, RedirectToAnotherOriginCarriesNoSecret) {
  RawServer other([](auto& peer, const std::string&) { peer.Send(Plain("there")); });
  std::string target;
  RawServer first([&](auto& peer, const std::string&) { peer.Send(Redirection(302, target)); });
  // Another port of the same host, and another host.
  for (const std::string host : {"127.0.0.1", "other.example"}) {
    target = other.Url("/there", host);
    auto request = Request(first.Url("/"));
    request.bearer_token = "t0k";
    request.headers = {{"Api-Key", "s3cret"}, {"X-Anything", "s3cret"}, {"Accept", "text/xml"}};
    ASSERT_TRUE(Fetch(request).ok());
    EXPECT_THAT(first.Requests().back(), AllOf(HasSubstr("t0k"), HasSubstr("Api-Key: s3cret")));
    EXPECT_THAT(other.Requests().back(), AllOf(HasSubstr("Accept: text/xml"), Not(HasSubstr("t0k")),
                                               Not(HasSubstr("s3cret"))));
  }
}

TEST(CurlTransport, RedirectBackToTheFirstOriginBringsNoSecretBack) {
  std::string there, back;
  RawServer other([&](auto& peer, const std::string&) { peer.Send(Redirection(302, back)); });
  RawServer first([&](auto& peer, const std::string& request) {
    peer.Send(request.rfind("GET /back ", 0) == 0 ? Plain("x") : Redirection(302, there));
  });
  there = other.Url("/");
  back = first.Url("/back");
  auto request = Request(first.Url("/"));
  request.bearer_token = "t0k";
  ASSERT_TRUE(Fetch(request).ok());
  EXPECT_THAT(first.Requests().back(), Not(HasSubstr("t0k")));
}

TEST(CurlTransport, RedirectWithinTheOriginKeepsTheToken) {
  RawServer server([](auto& peer, const std::string& request) {
    peer.Send(request.rfind("GET /b ", 0) == 0 ? Plain("x") : Redirection(302, "/b"));
  });
  auto request = Request(server.Url("/a"));
  request.bearer_token = "t0k";
  ASSERT_TRUE(Fetch(request).ok());
  EXPECT_THAT(server.Requests().back(), HasSubstr("Bearer t0k"));
}

TEST(CurlTransport, PrivateAddressesAreRefusedHoweverTheyAreWritten) {
  RawServer server([](auto& peer, const std::string&) { peer.Send(Plain("ok")); });
  const std::string port = ":" + std::to_string(server.port()) + "/";
  for (const std::string host : {"127.0.0.1", "localhost", "name.example", "2130706433", "0x7f.1",
                                 "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0"}) {
    auto request = Request("http://" + host + port);
    request.limits.allow_private = false;
    EXPECT_THAT(Fetch(request), FailsWith(ErrorCode::kInvalid, "address is not public")) << host;
  }
  EXPECT_EQ(server.Connections(), 0);
}

// For tests of the policy's place in the transport: 127.0.0.1 stands for the internet, the rest of
// 127/8 for the machines inside.
bool OnlyOneIsPublic(const sockaddr& address) {
  sockaddr_in v4{};
  std::memcpy(&v4, &address, sizeof v4);
  return address.sa_family == AF_INET && ntohl(v4.sin_addr.s_addr) == 0x7f000001;
}

TEST(CurlTransport, RedirectIntoThePrivateNetIsRefused) {
  std::string target;
  RawServer server([&](auto& peer, const std::string&) { peer.Send(Redirection(302, target)); });
  auto options = Options();
  options.easy.is_public = OnlyOneIsPublic;
  options.resolve = [](const std::string& host) -> Result<Addresses> {
    return Addresses{host == "inside.example" ? "127.0.0.2" : "127.0.0.1"};
  };
  for (const std::string host : {"127.0.0.2", "inside.example", "0x7f.2"}) {
    target = server.Url("/secret", host);
    auto request = Request(server.Url("/", "outside.example"));
    request.limits.allow_private = false;
    EXPECT_THAT(Fetch(request, options), FailsWith(ErrorCode::kInvalid, "address is not public"));
  }
  EXPECT_EQ(server.Connections(), 3) << "the first hops only";
}

TEST(CurlTransport, OfSeveralAddressesOnlyThePublicOnesAreUsed) {
  RawServer server([&](auto& peer, const std::string&) { peer.Send(Plain("ok")); });
  auto options = Options();
  options.easy.is_public = OnlyOneIsPublic;
  options.resolve = [](const std::string&) -> Result<Addresses> {
    return Addresses{"::1", "127.0.0.2", "127.0.0.1"};
  };
  auto request = Request(server.Url("/", "site.example"));
  request.limits.allow_private = false;
  EXPECT_TRUE(Fetch(request, options).ok());
}

TEST(CurlTransport, UnreachableAddressIsFollowedByTheNext) {
  RawServer server([&](auto& peer, const std::string&) { peer.Send(Plain("ok")); });
  auto options = Options();
  options.resolve = [](const std::string&) -> Result<Addresses> {
    return Addresses{"::1", "127.0.0.9", "127.0.0.1"};  // The server listens on the last only.
  };
  EXPECT_TRUE(Fetch(Request(server.Url("/", "site.example")), options).ok());
}

TEST(CurlTransport, ConnectionOfAPrivilegedSourceIsNotLentToAnother) {
  RawServer server([](auto& peer, const std::string&) { peer.Send(Plain("inside")); }, true);
  CurlTransport transport(Options());
  auto request = Request(server.Url("/", "intranet.example"));
  ASSERT_TRUE(Await(transport, transport.Start(request)).ok());
  request.limits.allow_private = false;
  EXPECT_THAT(Await(transport, transport.Start(request)),
              FailsWith(ErrorCode::kInvalid, "address is not public"));
  EXPECT_THAT(server.Requests(), SizeIs(1));
}

TEST(CurlTransport, ProxiesOfTheEnvironmentAreIgnored) {
  RawServer proxy([](auto& peer, const std::string&) { peer.Send(Plain("proxied")); });
  RawServer server([](auto& peer, const std::string&) { peer.Send(Plain("direct")); });
  setenv("http_proxy", proxy.Url().c_str(), 1);
  setenv("all_proxy", proxy.Url().c_str(), 1);
  const auto answer = Fetch(Request(server.Url()));
  unsetenv("http_proxy");
  unsetenv("all_proxy");
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->body, "direct");
}

TEST(CurlTransport, BadRequestsCompleteWithAnErrorThatDoesNotRepeatTheUrl) {
  for (const std::string url :
       {"", "nonsense", "/path?token=s3cret", "https://user:s3cret@host.example/",
        "https://h/ s3cret", "https://host.example:99999/s3cret", "file:///s3cret"}) {
    const auto answer = Fetch(Request(url));
    ASSERT_FALSE(answer.ok()) << url;
    EXPECT_EQ(answer.error().code, ErrorCode::kInvalid) << url;
    EXPECT_THAT(answer.error().message, Not(HasSubstr("s3cret")));
  }
  auto request = Request("https://host.example/");
  request.headers = {{"Accept", "x\r\nEvil: y"}};
  EXPECT_THAT(Fetch(request), FailsWith(ErrorCode::kInvalid, "line break"));
}

TEST(CurlTransport, ErrorsNameTheHostButNotThePath) {
  RawServer server([](auto&, const std::string&) {});
  const auto answer = Fetch(Request(server.Url("/hook/s3cret?key=s3cret", "site.example")));
  ASSERT_FALSE(answer.ok());
  EXPECT_THAT(answer.error().message, AllOf(HasSubstr("site.example"), Not(HasSubstr("s3cret"))));
}

// A resolver in which names that start with "dead" wait until the test ends.
class StuckNames {
 public:
  ~StuckNames() { Free(); }
  ResolveFn Function() {
    return [this](const std::string& host) -> Result<Addresses> {
      std::unique_lock lock(mutex_);
      ++lookups_[host];
      if (host.rfind("dead", 0) == 0) freed_.wait(lock, [this] { return free_; });
      if (host.rfind("none", 0) == 0) return Error{ErrorCode::kUnavailable, "name: not known"};
      return Addresses{"127.0.0.1"};
    };
  }
  void Free() {
    const std::scoped_lock lock(mutex_);
    free_ = true;
    freed_.notify_all();
  }
  int Lookups(const std::string& host) {
    const std::scoped_lock lock(mutex_);
    return lookups_[host];
  }

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  bool free_ = false;
  std::map<std::string, int> lookups_;
};

TEST(CurlTransport, DeadNameServerOfOneSourceStallsNoOther) {
  RawServer server([](auto& peer, const std::string&) { peer.Send(Plain("ok")); });
  StuckNames names;
  auto options = Options();
  options.resolve = names.Function();
  options.resolve_timeout = 1s;
  CurlTransport transport(options);
  const auto began = std::chrono::steady_clock::now();
  const TransferId dead = transport.Start(Request(server.Url("/", "dead.example")));
  for (int i = 0; i < 20; ++i) {
    const auto url = server.Url("/", "live" + std::to_string(i) + ".example");
    EXPECT_TRUE(Await(transport, transport.Start(Request(url))).ok());
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, 900ms)
      << "twenty answers before the dead one";
  EXPECT_THAT(Await(transport, dead), FailsWith(ErrorCode::kUnavailable, "name server"));
  names.Free();
}

TEST(CurlTransport, ManyDeadNamesFailInTimeAndKnownHostsGoOn) {
  RawServer server([](auto& peer, const std::string&) { peer.Send(Plain("ok")); });
  StuckNames names;
  auto options = Options();
  options.resolve = names.Function();
  options.resolve_timeout = 300ms;
  CurlTransport transport(options);
  ASSERT_TRUE(Await(transport, transport.Start(Request(server.Url("/", "live.example")))).ok());
  std::vector<TransferId> dead;
  for (int i = 0; i < 10; ++i)  // More than there are threads.
    dead.push_back(
        transport.Start(Request(server.Url("/", "dead" + std::to_string(i) + ".example"))));
  EXPECT_TRUE(Await(transport, transport.Start(Request(server.Url("/", "live.example")))).ok());
  std::size_t failed = 0;
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (failed < dead.size() && std::chrono::steady_clock::now() < end)
    for (const auto& completion : transport.Wait(end)) {
      EXPECT_THAT(completion.answer, FailsWith(ErrorCode::kUnavailable, "name server"));
      ++failed;
    }
  EXPECT_EQ(failed, dead.size());
  EXPECT_EQ(names.Lookups("live.example"), 1) << "kept";
  EXPECT_EQ(names.Lookups("dead9.example"), 0) << "given up in the queue";
  names.Free();
}

TEST(CurlTransport, UnknownNameIsUnavailable) {
  StuckNames names;
  auto options = Options();
  options.resolve = names.Function();
  EXPECT_THAT(Fetch(Request("https://none.example/"), options),
              FailsWith(ErrorCode::kUnavailable, "none.example: name: not known"));
}

TEST(CurlTransport, CancelledTransferDoesNotComplete) {
  RawServer server([](auto& peer, const std::string&) { peer.Send(Plain("ok")); });
  CurlTransport transport(Options());
  const TransferId dropped = transport.Start(Request(server.Url("/dropped")));
  const TransferId kept = transport.Start(Request(server.Url("/kept")));
  transport.Cancel(dropped);
  transport.Cancel(dropped);
  EXPECT_TRUE(Await(transport, kept).ok());
  EXPECT_TRUE(transport.Wait(std::chrono::steady_clock::now() + 50ms).empty());
}

TEST(CurlTransport, WakeEndsTheWaitOfAnotherThread) {
  CurlTransport transport(Options());
  std::thread waker([&] { transport.Wake(); });
  const auto began = std::chrono::steady_clock::now();
  EXPECT_TRUE(transport.Wait(began + 30s).empty());
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
  waker.join();
}

TEST(CurlTransport, ReusesConnectionsAndKeepsTheLimitPerHost) {
  RawServer server([](auto& peer, const std::string&) { peer.Send(Plain("ok")); }, true);
  CurlTransport transport(Options());
  std::size_t left = 20;
  for (std::size_t i = 0; i < left; ++i) transport.Start(Request(server.Url("/")));
  const auto end = std::chrono::steady_clock::now() + 20s;
  while (left > 0 && std::chrono::steady_clock::now() < end)
    for (const auto& completion : transport.Wait(end)) {
      EXPECT_TRUE(completion.answer.ok());
      --left;
    }
  EXPECT_EQ(left, 0u);
  EXPECT_LE(server.Connections(), 2);
}

}  // namespace
}  // namespace webcare
