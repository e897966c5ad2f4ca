// Fetching pages: our transport beside bare curl_multi, same server, same bytes, same number at once. CPU
// time of the fetching thread; gzip answers over kept connections, as feeds give them.
#include <curl/curl.h>
#include <time.h>
#include <zlib.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "connectors/http/curl_transport.h"
#include "tests/http/raw_server.h"

namespace webcare {
namespace {

constexpr int kAtOnce = 8;
constexpr int kRounds = 5;

std::string Gzip(const std::string& plain) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// About what a page of forty statuses is.
std::string MakeAnswer() {
  std::string page = "[";
  for (int i = 0; i < 40; ++i) {
    page += "{\"id\":\"" + std::to_string(114'000'000'000 + i * 7919) + "\",\"content\":\"<p>";
    for (int word = 0; word < 200; ++word)
      page += "w" + std::to_string((i * 31 + word * 17) % 997) + " ";
    page += "</p>\"},";
  }
  page.back() = ']';
  const std::string body = Gzip(page);
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
         "ETag: \"abc\"\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

double ThreadSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double Ours(const std::string& url, int requests) {
  CurlOptions options;
  options.easy.user_agent = "webcare-bench";
  options.max_connections = kAtOnce;
  options.max_host_connections = kAtOnce;
  CurlTransport transport(options);
  FetchRequest request;
  request.url = url;
  request.limits.allow_http = true;
  request.limits.allow_private = true;
  const double began = ThreadSeconds();
  int started = 0;
  for (; started < kAtOnce; ++started) transport.Start(request);
  for (int done = 0; done < requests;) {
    for (const Completion& one :
         transport.Wait(std::chrono::steady_clock::now() + std::chrono::seconds(10))) {
      if (!one.answer.ok() || one.answer->status != 200) std::abort();
      ++done;
      if (started++ < requests) transport.Start(request);
    }
  }
  return ThreadSeconds() - began;
}

std::size_t Append(char* data, std::size_t, std::size_t size, void* body) {
  static_cast<std::string*>(body)->append(data, size);
  return size;
}

double Bare(const std::string& url, int requests) {
  CURLM* const multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(kAtOnce));
  std::vector<std::string> bodies(kAtOnce);
  std::vector<CURL*> handles;
  for (std::string& body : bodies) {
    CURL* const easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Append);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &body);
    handles.push_back(easy);
  }
  const double began = ThreadSeconds();
  for (CURL* const easy : handles) curl_multi_add_handle(multi, easy);
  int started = kAtOnce;
  for (int done = 0; done < requests;) {
    int running = 0;
    curl_multi_perform(multi, &running);
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi, &left)) {
      CURL* const easy = message->easy_handle;
      if (message->data.result != CURLE_OK) std::abort();
      ++done;
      char* body = nullptr;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &body);
      reinterpret_cast<std::string*>(body)->clear();
      curl_multi_remove_handle(multi, easy);
      if (started++ < requests) curl_multi_add_handle(multi, easy);
    }
    if (done < requests) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
  const double seconds = ThreadSeconds() - began;
  for (CURL* const easy : handles) curl_easy_cleanup(easy);
  curl_multi_cleanup(multi);
  return seconds;
}

}  // namespace
}  // namespace webcare

int main(int argc, char** argv) {
  using namespace webcare;
  const int requests = argc > 1 ? std::atoi(argv[1]) : 4000;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::string answer = MakeAnswer();
  RawServer server([&](RawServer::Peer& peer, const std::string&) { peer.Send(answer); }, true);
  const std::string url = server.Url();
  Bare(url, requests / 4);
  Ours(url, requests / 4);
  double bare = 0;
  double ours = 0;
  for (int round = 0; round < kRounds;
       ++round) {  // Taking turns, so that both meet the same machine.
    bare += Bare(url, requests);
    ours += Ours(url, requests);
  }
  const double pages = static_cast<double>(requests) * kRounds;
  std::printf("%zu bytes a page: bare curl_multi %.1f us, transport %.1f us, ratio %.2f\n",
              answer.size(), bare / pages * 1e6, ours / pages * 1e6, bare / ours);
}
