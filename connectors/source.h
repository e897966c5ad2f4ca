// One configured feed, ready to be polled. Made by daemon/config, immutable afterwards.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "connectors/connector.h"
#include "daemon/base/bytes.h"

namespace webcare {

struct Source {
  std::string id;  // File name stem or `id:`; [a-z0-9-]{1,64}; stable: it is part of every case id.
  std::string type;  // Connector's name.
  std::shared_ptr<const Connector> connector;

  std::optional<std::chrono::milliseconds>
      every;  // Fixed interval; absent: adaptive to the posting rate.
  std::chrono::milliseconds least_interval{};  // Bounds of the adaptive interval; never below the
  std::chrono::milliseconds most_interval{};   // connector's own least.
  std::string politeness_group;  // Sources of one group are asked one at a time; default: the host.
  std::chrono::milliseconds group_gap{1000};  // Least time between two requests of one group.
  bool allow_http = false;                    // Plain http:// and redirects to it.
  bool allow_private = false;  // Loopback, RFC 1918, link-local and the like as targets.
  std::string ca_file;         // Instead of the system's roots; empty: system.
  Bytes max_body = MiB(16);    // After decompression.
  int max_pages = 20;          // Per poll while Page::more.
  int weight = 1;              // Turns per round in the fair queue (DRR quantum), 1..100.
  std::chrono::milliseconds timeout{60'000};
};

}  // namespace webcare
