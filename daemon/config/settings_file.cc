#include "daemon/config/settings_file.h"

#include <array>
#include <filesystem>

namespace webcare {
namespace {

using namespace std::chrono_literals;
using Hours = std::chrono::hours;

std::string Absolute(const YamlNode& node, std::string_view fallback,
                     const std::string& directory) {
  std::string text = node.Text(fallback);
  if (text.empty()) return text;
  return (std::filesystem::path(directory) / text).lexically_normal().string();
}

// "[a-z0-9._-]{1,64}": safe in a topic name, a transactional id and a file name.
std::string Word(const YamlNode& node, std::string_view fallback) {
  std::string text = node.Text(fallback);
  const bool plain =
      text.size() <= 64 &&
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos;
  if (!plain) node.Error("'" + text + "' may hold a-z, 0-9, '.', '_' and '-' only, at most 64");
  return text;
}

std::vector<BrandAccount> ReadAccounts(const YamlNode& list) {
  std::vector<BrandAccount> accounts;
  for (const YamlNode& item : list.Items()) {
    BrandAccount account;
    account.source = item.Get("source").Text("*");
    account.handle = item.Require("handle").Text();
    item.Done();
    accounts.push_back(std::move(account));
  }
  return accounts;
}

// "08:00" as minutes after midnight, "24:00" included; -1 when it is not a time.
int Minutes(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return -1;
  for (const int i : {0, 1, 3, 4})
    if (text[static_cast<std::size_t>(i)] < '0' || text[static_cast<std::size_t>(i)] > '9')
      return -1;
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  return minute > 59 || hour * 60 + minute > 24 * 60 ? -1 : hour * 60 + minute;
}

OfficeHours ReadHours(const YamlNode& node) {
  const std::string text = node.Text("closed");
  if (text == "closed") return {};
  const OfficeHours hours{Minutes(std::string_view(text).substr(0, 5)),
                          text.size() == 11 && text[5] == '-' ? Minutes(text.substr(6)) : -1};
  if (hours.open >= 0 && hours.close > hours.open) return hours;
  node.Error("'" + text + "' is not opening hours (write \"08:00-18:00\" or closed)");
  return {};
}

void ReadBrand(const YamlNode& brand, Settings& settings) {
  constexpr std::array<std::string_view, 7> kDays = {"monday", "tuesday",  "wednesday", "thursday",
                                                     "friday", "saturday", "sunday"};
  std::vector<std::string> names = brand.Require("names").TextList();
  if (names.empty() && brand.Get("names").present())
    brand.Get("names").Error("at least one name expected");
  settings.brand =
      Brand(std::move(names), ReadAccounts(brand.Get("accounts")), brand.Get("domains").TextList());
  settings.contact = brand.Require("contact").Text();
  if (settings.contact.find_first_of("\r\n") != std::string::npos)
    brand.Get("contact").Error("a contact is one line");
  settings.time_zone = brand.Get("time_zone").Text(settings.time_zone);
  std::error_code error;
  if (std::filesystem::is_directory("/usr/share/zoneinfo", error) &&
      (settings.time_zone.starts_with('/') || settings.time_zone.find("..") != std::string::npos ||
       !std::filesystem::is_regular_file("/usr/share/zoneinfo/" + settings.time_zone, error)))
    brand.Get("time_zone")
        .Error("'" + settings.time_zone + "' is not a time zone (such as Europe/Amsterdam)");
  const YamlNode hours = brand.Get("office_hours");
  for (std::size_t day = 0; day < kDays.size(); ++day)
    settings.office_hours[day] = ReadHours(hours.Get(kDays[day]));
  if (hours.present()) hours.Done();
  brand.Done();
}

void ReadState(const YamlNode& state, const std::string& directory, Settings& settings) {
  settings.state_directory = Absolute(state.Get("directory"), settings.state_directory, directory);
  settings.max_state = state.Get("max_size").Size(settings.max_state, MiB(16), {1ull << 40});
  settings.seen_retention =
      state.Get("keep_seen").Duration(settings.seen_retention, Hours(24), Hours(24 * 730));
  settings.case_retention =
      state.Get("keep_cases").Duration(settings.case_retention, Hours(24), Hours(24 * 29));
  if (state.present()) state.Done();
}

bool IsSecret(std::string_view property) {
  return property.ends_with("password") || property.ends_with("secret") ||
         property.ends_with("key.pem");
}

// A value, or {secret: NAME} for what must not stand in a configuration file.
void ReadProperty(const std::string& key, const YamlNode& value,
                  const KafkaPropertyCheck& check_property, KafkaSettings& out) {
  if (value.IsMap()) {
    out.secret_properties[key] = value.Require("secret").Text();
    value.Done();
    if (!IsSecret(key)) value.Error("'" + key + "' is no secret; write its value");
    return;
  }
  const std::string text = value.Text();
  if (IsSecret(key))
    return value.Error("a secret does not stand in a file for all to read; write {secret: NAME}");
  if (const auto why = check_property(key, text)) value.Error(*why);
  out.properties[key] = text;
}

void ReadKafka(const YamlNode& kafka, const KafkaPropertyCheck& check_property,
               KafkaSettings& out) {
  out.bootstrap = kafka.Require("bootstrap").Text();
  out.delivery = kafka.Get("delivery").Choice("exactly-once", {"exactly-once", "at-least-once"}) ==
                         "exactly-once"
                     ? DeliveryMode::kExactlyOnce
                     : DeliveryMode::kAtLeastOnce;
  out.name = Word(kafka.Get("name"), out.name);
  out.topic_prefix = Word(kafka.Get("topic_prefix"), out.topic_prefix);
  out.replication = static_cast<int>(kafka.Get("replication").Int(out.replication, 1, 9));
  const YamlNode properties = kafka.Get("properties");
  if (properties.present()) {
    for (const auto& [key, value] : properties.Entries())
      ReadProperty(key, value, check_property, out);
  }
  kafka.Done();
}

void ReadQueue(const YamlNode& queue, QueueSettings& out) {
  out.window = queue.Get("window").Int(out.window, 1, 1'000'000);
  out.agents_group = queue.Get("agents_group").Text(out.agents_group);
  if (queue.present()) queue.Done();
}

void ReadBatch(const YamlNode& batch, BatchSettings& out) {
  out.max_rows = static_cast<int>(batch.Get("max_rows").Int(out.max_rows, 1, 50'000));
  out.max_bytes = batch.Get("max_bytes").Size(out.max_bytes, KiB(256), MiB(64));
  out.linger = batch.Get("linger").Duration(out.linger, 0ms, 10s);
  if (batch.present()) batch.Done();
}

void ReadLog(const YamlNode& log, Settings& settings) {
  const std::string level = log.Get("level").Choice("info", {"debug", "info", "warn", "error"});
  settings.log_level = level == "debug"  ? LogLevel::kDebug
                       : level == "info" ? LogLevel::kInfo
                       : level == "warn" ? LogLevel::kWarn
                                         : LogLevel::kError;
  const std::string format = log.Get("format").Choice("auto", {"auto", "text", "json"});
  settings.log_format = format == "json"   ? LogFormat::kJson
                        : format == "text" ? LogFormat::kText
                                           : LogFormat::kAuto;
  if (log.present()) log.Done();
}

}  // namespace

Settings ReadSettings(const YamlNode& root, const std::string& directory,
                      const KafkaPropertyCheck& check_property) {
  Settings settings;
  root.Require("version").Int(1, 1, 1);
  const YamlNode brand = root.Require("brand");
  if (brand.present()) ReadBrand(brand, settings);
  ReadState(root.Get("state"), directory, settings);
  settings.sources_directory = Absolute(root.Get("sources"), "sources.d", directory);
  settings.rules_directory = Absolute(root.Get("rules"), "rules.d", directory);
  settings.secrets_directory = Absolute(root.Get("secrets"), "", directory);
  const YamlNode kafka = root.Require("kafka");
  if (kafka.present()) ReadKafka(kafka, check_property, settings.kafka);
  ReadQueue(root.Get("queue"), settings.queue);
  ReadBatch(root.Get("batch"), settings.batch);
  const YamlNode http = root.Get("http");
  settings.max_connections =
      static_cast<int>(http.Get("max_connections").Int(settings.max_connections, 1, 1000));
  if (http.present()) http.Done();
  const YamlNode control = root.Get("control");
  settings.control_socket = Absolute(control.Get("socket"), settings.control_socket, directory);
  if (control.present()) control.Done();
  ReadLog(root.Get("log"), settings);
  root.Done();
  return settings;
}

}  // namespace webcare
