// A small, good configuration in a folder of its own, removed at the end.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace webcare {

class ConfigFolder {
 public:
  explicit ConfigFolder(const std::string& name)
      : path_("/tmp/webcare-" + name + "-" + std::to_string(getpid())) {
    std::filesystem::remove_all(path_);
    for (const char* folder : {"/sources.d", "/rules.d"})
      std::filesystem::create_directories(path_ + folder);
    Write("webcared.yaml", settings("127.0.0.1:1") + "...\n");
    Write("sources.d/a.yaml", sources("forum"));
    Write("rules.d/a.yaml", rules("3"));
  }
  ~ConfigFolder() { std::filesystem::remove_all(path_); }
  ConfigFolder(const ConfigFolder&) = delete;
  ConfigFolder& operator=(const ConfigFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string config() const { return path_ + "/webcared.yaml"; }
  void Write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ + "/" + name, std::ios::binary) << text;
  }

  // Without the end mark, so that keys can be added.
  static std::string settings(const std::string& bootstrap) {
    return "version: 1\nbrand: {names: [Lumio], contact: https://lumio.example/}\n"
           "state: {directory: state}\ncontrol: {socket: control.sock}\nkafka: {bootstrap: \"" +
           bootstrap + "\"}\n";
  }
  static std::string sources(const std::string& id) {
    // Nothing listens on port 1: the source fails politely.
    return "version: 1\nsources:\n  - id: " + id +
           "\n    type: syndication\n    url: http://127.0.0.1:1/feed\n    allow_http: true\n"
           "    allow_private: true\n...\n";
  }
  static std::string rules(const std::string& threshold) {
    return "version: 1\nlabels:\n  complaint: {threshold: " + threshold +
           ", queue: true}\nrules:\n"
           "  - {id: nl.broken, label: complaint, weight: 5, when: {word: kapot}}\n...\n";
  }

 private:
  std::string path_;
};

}  // namespace webcare
