// A disk that fails on request: a layer over SQLite's own file access, made the default while it lives.
#pragma once

struct sqlite3_vfs;

namespace webcare {

enum class DiskFault { kIoError, kFull };

// One at a time. Threads: none.
class FaultyDisk {
 public:
  FaultyDisk();
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  // The n-th write, sync or truncation from now fails (n = 1: the next), and all that follow.
  void FailFrom(int n, DiskFault fault);
  void Heal();
  bool failed() const;     // Since FailFrom().
  int operations() const;  // Writes, syncs and truncations so far.
};

}  // namespace webcare
