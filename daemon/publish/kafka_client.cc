#include "daemon/publish/kafka_client.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace webcare {
namespace {

using Conf = std::unique_ptr<rd_kafka_conf_t, Destroyer<rd_kafka_conf_destroy>>;

constexpr int kMetadataMillis = 5'000;
constexpr int kSyslogError = 3;
constexpr int kSyslogWarning = 4;

ClientEvents& EventsOf(void* opaque) { return *static_cast<ClientEvents*>(opaque); }

void OnError(rd_kafka_t*, int, const char*, void* opaque) { EventsOf(opaque).errors++; }

void OnDelivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  ClientEvents& events = EventsOf(opaque);
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    events.delivered++;
    events.NoteEnd(*message);
    return;
  }
  events.failed++;
  // Those purged with a failed transaction say nothing about the cause.
  if (message->err != RD_KAFKA_RESP_ERR__PURGE_QUEUE &&
      message->err != RD_KAFKA_RESP_ERR__PURGE_INFLIGHT) {
    events.failure = message->err;
  }
}

void OnLog(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  const ClientEvents& events = EventsOf(rd_kafka_opaque(client));
  if (events.log == nullptr) return;
  // Lost connections are an everyday matter: the state of the publisher tells them once.
  if (level < kSyslogError) {
    events.log->Error("kafka_client", {{"facility", facility}, {"message", text}});
  } else if (level <= kSyslogWarning) {
    events.log->Info("kafka_client", {{"facility", facility}, {"message", text}});
  } else {
    events.log->Debug("kafka_client", {{"facility", facility}, {"message", text}});
  }
}

rd_kafka_resp_err_t OnRequestSent(rd_kafka_t*, int, const char*, std::int32_t, std::int16_t api_key,
                                  std::int16_t, std::int32_t, std::size_t, void* opaque) {
  ClientEvents& events = EventsOf(opaque);
  if (api_key == static_cast<int>(ApiKey::kEndTxn)) events.end_txns++;
  if (events.probe) events.probe(api_key, false);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t OnResponse(rd_kafka_t*, int, const char*, std::int32_t, std::int16_t api_key,
                               std::int16_t, std::int32_t, std::size_t, std::int64_t,
                               rd_kafka_resp_err_t, void* opaque) {
  ClientEvents& events = EventsOf(opaque);
  if (events.probe) events.probe(api_key, true);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t OnNew(rd_kafka_t* client, const rd_kafka_conf_t*, void* opaque, char*,
                          std::size_t) {
  rd_kafka_interceptor_add_on_request_sent(client, "webcare", &OnRequestSent, opaque);
  return rd_kafka_interceptor_add_on_response_received(client, "webcare", &OnResponse, opaque);
}

ErrorCode CodeFor(rd_kafka_resp_err_t code) {
  switch (code) {
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
      return ErrorCode::kDenied;
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT:
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
      return ErrorCode::kInvalid;
    default:
      return ErrorCode::kUnavailable;
  }
}

}  // namespace

void ClientEvents::Reset() {
  errors = 0;
  end_txns = 0;
  delivered = 0;
  failed = 0;
  failure = 0;
  ends.clear();
}

void ClientEvents::NoteEnd(const rd_kafka_message_t& message) {
  TopicEnd& end = EndOf(ends, rd_kafka_topic_name(message.rkt), message.partition);
  end.offset = std::max(end.offset, message.offset + 1);
}

Result<KafkaHandle> NewKafkaClient(rd_kafka_type_t type, const KafkaSettings& settings,
                                   KafkaProperties fixed, ClientEvents& events) {
  Conf conf(rd_kafka_conf_new());
  std::array<char, 512> why{};
  Status status;
  const auto set = [&](const std::string& key, const std::string& value) {
    if (rd_kafka_conf_set(conf.get(), key.c_str(), value.c_str(), why.data(), why.size()) !=
            RD_KAFKA_CONF_OK &&
        status.ok()) {
      status = Error{ErrorCode::kInvalid, "kafka property '" + key + "' is not accepted"};
    }
  };
  for (const auto& [key, value] : settings.properties) set(key, value);
  set("bootstrap.servers", settings.bootstrap);
  set("reconnect.backoff.max.ms", "1000");
  set("socket.nagle.disable", "true");
  set("allow.auto.create.topics", "false");
  for (const auto& [key, value] : fixed) set(key, value);
  if (!status.ok()) return status.error();
  rd_kafka_conf_set_opaque(conf.get(), &events);
  rd_kafka_conf_set_error_cb(conf.get(), &OnError);
  rd_kafka_conf_set_log_cb(conf.get(), &OnLog);
  if (type == RD_KAFKA_PRODUCER) {
    rd_kafka_conf_set_dr_msg_cb(conf.get(), &OnDelivery);
    rd_kafka_conf_interceptor_add_on_new(conf.get(), "webcare", &OnNew, &events);
  }
  KafkaHandle client(rd_kafka_new(type, conf.get(), why.data(), why.size()));
  if (!client) return Error{ErrorCode::kInvalid, std::string("librdkafka: ") + why.data()};
  conf.release();  // Owned by the client now.
  return client;
}

Error ToError(rd_kafka_resp_err_t code, std::string_view doing) {
  return {CodeFor(code), std::string(doing) + ": " + rd_kafka_err2str(code), {}};
}

Error ToError(const rd_kafka_error_t* error, std::string_view doing) {
  return {CodeFor(rd_kafka_error_code(error)),
          std::string(doing) + ": " + rd_kafka_error_string(error),
          {}};
}

Result<KafkaTopic> LearnTopic(rd_kafka_t* client, const std::string& name) {
  KafkaTopic handle(rd_kafka_topic_new(client, name.c_str(), nullptr));
  const rd_kafka_metadata_t* metadata = nullptr;
  rd_kafka_resp_err_t code = rd_kafka_metadata(client, 0, handle.get(), &metadata, kMetadataMillis);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (metadata->topic_cnt == 1) code = metadata->topics[0].err;
    rd_kafka_metadata_destroy(metadata);
  }
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return ToError(code, "topic " + name);
  return handle;
}

std::string ClusterIdOf(rd_kafka_t* client, std::chrono::milliseconds wait) {
  char* const id = rd_kafka_clusterid(client, static_cast<int>(wait.count()));
  if (id == nullptr) return {};
  std::string copy(id);
  rd_kafka_mem_free(client, id);
  return copy;
}

std::string KafkaTopicName(const KafkaSettings& settings, std::string_view topic) {
  return settings.topic_prefix + "." + std::string(topic);
}

LibraryVersion KafkaLibrary() {
  char built[16];
  std::snprintf(built, sizeof built, "%d.%d.%d", RD_KAFKA_VERSION >> 24,
                (RD_KAFKA_VERSION >> 16) & 0xFF, (RD_KAFKA_VERSION >> 8) & 0xFF);
  return {"librdkafka", built, rd_kafka_version_str()};
}

}  // namespace webcare
