#include "daemon/app/daemon.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <memory>

#include "daemon/app/erasure.h"
#include "daemon/app/exit_codes.h"
#include "daemon/app/ledger.h"
#include "daemon/app/options.h"
#include "daemon/app/pipeline.h"
#include "daemon/app/reload.h"
#include "daemon/app/service_manager.h"
#include "daemon/app/signals.h"
#include "daemon/app/status_report.h"
#include "daemon/cases/retention.h"
#include "daemon/config/secrets.h"
#include "daemon/publish/kafka_config.h"
#include "daemon/status/control_server.h"

namespace webcare {
namespace {

using namespace std::chrono_literals;

constexpr auto kTick = 1s;
constexpr auto kPruneEvery = std::chrono::hours(1);
constexpr auto kStatusEvery = 5s;
// The longest a loop may stand still before the watchdog is left hungry: longer than a lookup of a dead
// name server, a checkpoint or a Kafka transaction take.
constexpr auto kStall = 60s;
constexpr std::size_t kQueueShown = 100;
constexpr Bytes kLeastFree = MiB(64);

int ExitCodeOf(const Error& error) {
  switch (error.code) {
    case ErrorCode::kConflict:
      return kExitTemporary;
    case ErrorCode::kInvalid:
      return kExitConfig;
    default:
      return kExitIo;
  }
}

LogLevel LevelOf(const std::string& name, LogLevel configured) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "info") return LogLevel::kInfo;
  if (name == "warn") return LogLevel::kWarn;
  return name == "error" ? LogLevel::kError : configured;
}

LogFormat FormatOf(const std::string& name, LogFormat configured) {
  if (name == "json") return LogFormat::kJson;
  if (name == "text") return LogFormat::kText;
  return name == "auto" ? LogFormat::kAuto : configured;
}

// The daemon between its start and its end. Members are destroyed from the bottom up: the control socket
// first, then the loops, then the books.
class Daemon {
 public:
  explicit Daemon(DaemonOptions options) : options_(std::move(options)) {}

  int Run();

 private:
  // The start-up order. Each step returns an exit code to end with, or nothing to go on.
  std::optional<int> LoadConfiguration();
  std::optional<int> OpenBooks();
  std::optional<int> BuildPipeline();
  std::optional<int> OpenControl();
  std::optional<int> StartLoops();

  int Loop();
  void Tick();
  void Reload();
  void GuardDisk();
  void PruneWhenDue(SteadyTime now);
  ControlReply Answer(std::string_view method, std::string_view path);
  ReportInput Report(const Snapshot& snapshot, const ReloadReport& reload) {
    return {*ledger_, *pipeline_, snapshot, reload, started_, clock_.WallNow()};
  }

  const DaemonOptions options_;
  SystemClock clock_;
  const WallTime started_ = clock_.WallNow();
  ServiceManager manager_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<CurrentSnapshot> current_;
  ReloadDesk reloads_;
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<ControlServer> control_;
  SteadyTime next_prune_ = clock_.Now() + 1min;
  SteadyTime next_status_{};
  SteadyTime next_watchdog_{};
  bool disk_short_ = false;
};

std::optional<int> Daemon::LoadConfiguration() {
  Diagnostics diagnostics;
  std::shared_ptr<const Snapshot> snapshot = LoadSnapshot(options_.config, diagnostics);
  if (!snapshot) {
    std::fputs(diagnostics.ToText().c_str(), stderr);
    return kExitConfig;
  }
  if (options_.check_config) {
    std::printf("%s is good\n", options_.config.c_str());
    return kExitOk;
  }
  const Settings& settings = snapshot->config.settings;
  log_ = std::make_unique<Log>(LevelOf(options_.log_level, settings.log_level),
                               FormatOf(options_.log_format, settings.log_format));
  if (const auto warning = PlaintextWarning(settings.kafka))
    log_->Warn("kafka_plaintext", {{"warning", *warning}});
  reloads_.Done({true, started_, ""});
  current_ = std::make_unique<CurrentSnapshot>(std::move(snapshot));
  return std::nullopt;
}

std::optional<int> Daemon::OpenBooks() {
  auto ledger = Ledger::Open(current_->Get()->config.settings.state_directory);
  if (!ledger.ok()) {
    log_->Error("state_unusable", {{"error", ledger.error().message}});
    return ExitCodeOf(ledger.error());
  }
  ledger_ = std::move(ledger).value();
  return std::nullopt;
}

std::optional<int> Daemon::BuildPipeline() {
  const Settings& settings = current_->Get()->config.settings;
  const auto kafka = WithSecrets(settings.kafka, SecretFiles(settings.secrets_directory));
  if (!kafka.ok()) {
    std::fprintf(stderr, "%s: %s\n", options_.config.c_str(), kafka.error().message.c_str());
    return kExitConfig;
  }
  pipeline_ = std::make_unique<Pipeline>(*ledger_, *current_, *kafka, clock_, *log_);
  const Status applied = pipeline_->ApplySources();
  if (applied.ok()) return std::nullopt;
  log_->Error("state_unusable", {{"error", applied.error().message}});
  return ExitCodeOf(applied.error());
}

std::optional<int> Daemon::OpenControl() {
  auto control = ControlServer::Start(
      current_->Get()->config.settings.control_socket,
      [this](std::string_view method, std::string_view path) { return Answer(method, path); });
  if (!control.ok()) {
    log_->Error("control_unusable", {{"error", control.error().message}});
    return kExitCantCreate;
  }
  control_ = std::move(control).value();
  return std::nullopt;
}

std::optional<int> Daemon::StartLoops() {
  if (options_.adopt) pipeline_->Adopt();
  GuardDisk();
  pipeline_->Start();
  const std::shared_ptr<const Snapshot> snapshot = current_->Get();
  log_->Info("started", {{"sources", snapshot->config.sources.size()},
                         {"rules", snapshot->rules->rules().size()},
                         {"rules_digest", snapshot->rules->digest()}});
  manager_.Ready(StatusLine(Report(*snapshot, reloads_.Last())));
  return std::nullopt;
}

int Daemon::Run() {
  // Before any thread, so that all inherit it.
  BlockSignals();
  for (const auto step : {&Daemon::LoadConfiguration, &Daemon::OpenBooks, &Daemon::BuildPipeline,
                          &Daemon::OpenControl, &Daemon::StartLoops})
    if (const std::optional<int> end = (this->*step)()) return *end;
  const int exit_code = Loop();
  manager_.Stopping();
  log_->Info("stopping", {{"exit_code", exit_code}});
  control_.reset();
  pipeline_.reset();
  log_->Info("stopped");
  return exit_code;
}

int Daemon::Loop() {
  for (;;) {
    const Signal signal = WaitForSignal(kTick);
    if (signal == Signal::kStop) return kExitOk;
    if (signal == Signal::kReload || reloads_.Asked()) Reload();
    if (const std::optional<Error> broken = pipeline_->Broken()) {
      log_->Error("cannot_go_on", {{"error", broken->message}, {"code", ToString(broken->code)}});
      return ExitCodeOf(*broken);
    }
    Tick();
  }
}

void Daemon::Tick() {
  const SteadyTime now = clock_.Now();
  GuardDisk();
  PruneWhenDue(now);
  if (manager_.watchdog_interval() && now >= next_watchdog_ && pipeline_->Alive(now, kStall)) {
    manager_.Watchdog();
    next_watchdog_ = now + *manager_.watchdog_interval();
  }
  if (now >= next_status_) {
    manager_.Status(StatusLine(Report(*current_->Get(), reloads_.Last())));
    next_status_ = now + kStatusEvery;
  }
}

void Daemon::Reload() {
  manager_.Reloading();
  reloads_.Begin();
  ReloadReport report = ReloadSnapshot(options_.config, *current_, clock_.WallNow());
  if (report.ok) {
    const Status applied = pipeline_->ApplySources();
    if (!applied.ok()) report = {false, report.at, applied.error().message};
  }
  const std::shared_ptr<const Snapshot> snapshot = current_->Get();
  if (report.ok)
    log_->Info("reloaded", {{"sources", snapshot->config.sources.size()},
                            {"rules", snapshot->rules->rules().size()},
                            {"rules_digest", snapshot->rules->digest()},
                            {"hint", report.message}});
  else
    log_->Error("reload_refused",
                {{"first_mistake", report.message.substr(0, report.message.find('\n'))},
                 {"rules_digest", snapshot->rules->digest()}});
  reloads_.Done(report);
  manager_.Ready(StatusLine(Report(*snapshot, report)));
}

// Near its limit the state grows no more: the feeds keep the posts until there is room again.
void Daemon::GuardDisk() {
  const Settings& settings = current_->Get()->config.settings;
  const auto used =
      static_cast<std::uint64_t>(ledger_->With([](Books& books) { return books.db->SizeBytes(); }));
  struct statvfs disk {};
  const bool known = statvfs(settings.state_directory.c_str(), &disk) == 0;
  std::string reason;
  if (used > settings.max_state.count / 10 * 9)
    reason = "the state is near its limit (state.max_size)";
  else if (known && static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize < kLeastFree.count)
    reason = "the disk of the state directory is nearly full";
  if (reason.empty() == !disk_short_) return;
  disk_short_ = !reason.empty();
  pipeline_->SetPause(reason);
}

void Daemon::PruneWhenDue(SteadyTime now) {
  if (now < next_prune_) return;
  next_prune_ = now + kPruneEvery;
  const Settings& settings = current_->Get()->config.settings;
  const auto pruned = ledger_->With([&](Books& books) {
    return Prune(books, {settings.seen_retention, settings.case_retention}, clock_.WallNow());
  });
  if (pruned.ok())
    log_->Info("pruned", {{"rows", *pruned}});
  else
    log_->Error("prune_failed", {{"error", pruned.error().message}});
}

ControlReply Daemon::Answer(std::string_view method, std::string_view path) {
  if (method == "GET" && path == "/status")
    return {200, StatusJson(Report(*current_->Get(), reloads_.Last()))};
  if (method == "GET" && path == "/queue")
    return {200, QueueJson(*ledger_, kQueueShown, clock_.WallNow())};
  constexpr std::string_view kErase = "/erase/";
  if (method == "POST" && path.starts_with(kErase))
    return AnswerErasure(*ledger_, *log_, path.substr(kErase.size()), clock_.WallNow());
  const auto wake = [] { kill(getpid(), SIGHUP); };
  if (method == "POST" && path == "/reload") {
    const std::optional<ReloadReport> report = reloads_.Ask(wake, 60s);
    if (report) return {200, ReloadJson(*report)};
    return {503, ReloadJson({false, clock_.WallNow(), "the reload did not end within a minute"})};
  }
  if (method == "POST" && path == "/reload-soon") {
    wake();
    return {202, ReloadJson({true, clock_.WallNow(), ""})};
  }
  return {404, R"({"error":"no such path"})"};
}

}  // namespace

int RunDaemon(int argc, char** argv) {
  std::optional<int> exit_code;
  DaemonOptions options = ParseDaemonOptions(argc, argv, exit_code);
  if (exit_code) return *exit_code;
  return Daemon(std::move(options)).Run();
}

}  // namespace webcare
