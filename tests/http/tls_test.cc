// TLS as the transport sees it: a server of OpenSSL with a certificate made on the spot.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <string>
#include <thread>

#include "connectors/http/curl_transport.h"

namespace webcare {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Context = std::unique_ptr<SSL_CTX, Deleter<SSL_CTX_free>>;

// Self-signed for `name`, valid until `seconds_left` from now.
Certificate MakeCertificate(EVP_PKEY* key, const std::string& name, long seconds_left) {
  Certificate cert(X509_new());
  X509_set_version(cert.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), -7200);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), seconds_left);
  X509_set_pubkey(cert.get(), key);
  X509_NAME* subject = X509_get_subject_name(cert.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(cert.get(), subject);
  X509_EXTENSION* names =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("DNS:" + name).c_str());
  X509_add_ext(cert.get(), names, -1);
  X509_EXTENSION_free(names);
  X509_sign(cert.get(), key, EVP_sha256());
  return cert;
}

class TlsServer {
 public:
  TlsServer(const std::string& name, long seconds_left, int most_version = TLS1_3_VERSION)
      : key_(EVP_EC_gen("P-256")), cert_(MakeCertificate(key_.get(), name, seconds_left)) {
    signal(SIGPIPE, SIG_IGN);  // As the daemon does: OpenSSL writes without MSG_NOSIGNAL.
    context_.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), most_version);
    SSL_CTX_use_certificate(context_.get(), cert_.get());
    SSL_CTX_use_PrivateKey(context_.get(), key_.get());
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, raw, size) != 0 || listen(listener_, 8) != 0 ||
        getsockname(listener_, raw, &size) != 0)
      std::abort();
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~TlsServer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  std::string Url(const std::string& host) const {
    return "https://" + host + ":" + std::to_string(port_) + "/";
  }
  // The certificate as a CA file; removed with `path`'s owner.
  void WriteCertificate(const std::string& path) const {
    FILE* file = fopen(path.c_str(), "w");
    PEM_write_X509(file, cert_.get());
    fclose(file);
  }
  int answered() const { return answered_; }

 private:
  void Serve() {
    while (true) {
      const int fd = accept(listener_, nullptr, nullptr);
      if (fd < 0) return;
      SSL* ssl = SSL_new(context_.get());
      SSL_set_fd(ssl, fd);
      char request[4096];
      if (SSL_accept(ssl) == 1 && SSL_read(ssl, request, sizeof request) > 0) {
        ++answered_;
        constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        SSL_write(ssl, kAnswer.data(), static_cast<int>(kAnswer.size()));
      }
      SSL_free(ssl);
      close(fd);
    }
  }

  Key key_;
  Certificate cert_;
  Context context_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> answered_{0};
  std::thread thread_;
};

class Tls : public testing::Test {
 protected:
  Tls() : ca_file_(testing::TempDir() + "webcare_tls_" + std::to_string(getpid()) + ".pem") {}
  ~Tls() override { unlink(ca_file_.c_str()); }

  Result<HttpAnswer> Fetch(const std::string& url, const std::string& ca_file) {
    CurlOptions options;
    options.easy.connect_timeout = 5s;
    options.resolve = [](const std::string&) -> Result<Addresses> {
      return Addresses{"127.0.0.1"};
    };
    CurlTransport transport(options);
    FetchRequest request;
    request.url = url;
    request.limits.allow_private = true;
    request.limits.ca_file = ca_file;
    transport.Start(std::move(request));
    auto done = transport.Wait(std::chrono::steady_clock::now() + 20s);
    if (done.empty()) return Error{ErrorCode::kCorrupt, "test: no completion"};
    return std::move(done.front().answer);
  }

  const std::string ca_file_;
};

TEST_F(Tls, TrustedCertificateOfThatHostIsTaken) {
  TlsServer server("site.example", 3600);
  server.WriteCertificate(ca_file_);
  const auto answer = Fetch(server.Url("site.example"), ca_file_);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->body, "ok");
}

TEST_F(Tls, RefusedCertificatesNeverGetARequest) {
  const struct {
    const char* name;
    const char* host;
    long seconds_left;
    bool trusted;
    const char* why;
  } kCases[] = {
      {"self-signed", "site.example", 3600, false, "self-signed"},
      {"wrong host", "other.example", 3600, true, "other.example"},
      {"expired", "site.example", -3600, true, "expired"},
  };
  for (const auto& test : kCases) {
    TlsServer server("site.example", test.seconds_left);
    server.WriteCertificate(ca_file_);
    const auto answer = Fetch(server.Url(test.host), test.trusted ? ca_file_ : "");
    ASSERT_FALSE(answer.ok()) << test.name;
    EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable) << test.name;
    EXPECT_THAT(answer.error().message, HasSubstr(test.why)) << test.name;
    EXPECT_EQ(server.answered(), 0) << test.name;
  }
}

TEST_F(Tls, OldProtocolsAreRefused) {
  TlsServer server("site.example", 3600, TLS1_1_VERSION);
  server.WriteCertificate(ca_file_);
  EXPECT_FALSE(Fetch(server.Url("site.example"), ca_file_).ok());
  EXPECT_EQ(server.answered(), 0);
}

TEST_F(Tls, MissingCaFileIsAnErrorAndNotTheSystemsRoots) {
  TlsServer server("site.example", 3600);
  const auto answer = Fetch(server.Url("site.example"), ca_file_ + ".missing");
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace webcare
