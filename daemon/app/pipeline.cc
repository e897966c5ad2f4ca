#include "daemon/app/pipeline.h"

#include "daemon/app/version.h"
#include "daemon/cases/releaser.h"

namespace webcare {
namespace {

CurlOptions TransportOptions(const Settings& settings) {
  CurlOptions options;
  options.easy.user_agent = "webcared/" + VersionNumber() + " (+" + settings.contact + ")";
  options.max_connections = settings.max_connections;
  return options;
}

PollerOptions LoopOptions(const Settings& settings) {
  PollerOptions options;
  options.max_in_flight = settings.max_connections;
  return options;
}

}  // namespace

Pipeline::Pipeline(Ledger& ledger, const CurrentSnapshot& current, const KafkaSettings& kafka,
                   Clock& clock, const Log& log)
    : ledger_(ledger),
      current_(current),
      pages_(ledger, current),
      turns_(ledger, clock),
      outbox_([&ledger](const std::function<void(Database&)>& work) {
        ledger.With([&](Books& books) { work(*books.db); });
      }),
      transport_(TransportOptions(current.Get()->config.settings)),
      poller_(transport_, pages_, clock, log, LoopOptions(current.Get()->config.settings)),
      dispatcher_(kafka, current.Get()->config.settings.queue, current.Get()->config.settings.batch,
                  outbox_, turns_, clock, log) {}

Pipeline::~Pipeline() {
  polling_.request_stop();
  transport_.Wake();
  if (polling_.joinable()) polling_.join();
}

void Pipeline::Start() {
  publishing_ = std::jthread([this](const std::stop_token& stop) { dispatcher_.Run(stop); });
  polling_ = std::jthread([this](const std::stop_token& stop) {
    const Status ended = poller_.Run(stop);
    if (!ended.ok()) broken_.With([&](auto& broken) { broken = ended.error(); });
  });
}

Status Pipeline::ApplySources() {
  const std::shared_ptr<const Snapshot> snapshot = current_.Get();
  for (const Source& source : snapshot->config.sources) {
    Status weighed = ledger_.With([&](Books& books) {
      return SetSourceWeight(books, source.id, source.type, source.weight);
    });
    if (!weighed.ok()) return weighed;
  }
  poller_.SetSources(snapshot->config.sources);
  return OkStatus();
}

void Pipeline::SetPause(const std::string& reason) {
  if (reason.empty())
    poller_.Resume();
  else
    poller_.Pause(reason);
}

bool Pipeline::Alive(SteadyTime now, std::chrono::milliseconds limit) const {
  return now - poller_.Heartbeat() < limit && now - dispatcher_.status().beat < limit;
}

std::optional<Error> Pipeline::Broken() const {
  const PublisherStatus publisher = dispatcher_.status().publisher;
  if (publisher.state == PublisherState::kSteppedDown)
    return Error{ErrorCode::kConflict, publisher.why};
  return broken_.With([](const auto& broken) { return broken; });
}

}  // namespace webcare
