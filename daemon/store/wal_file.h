// SQLite's access to files, with the write-ahead log (WAL) written in large pieces. SQLite itself writes each
// page of a commit with two system calls, 24 bytes and 2 KiB, and a commit has a hundred pages: joined, they
// take a thirtieth of the calls.
#pragma once

namespace webcare {

// Registers the layer over whatever is SQLite's default file access now, and returns the name for
// sqlite3_open_v2(). What is written to a WAL is held back until the piece is full or not contiguous, or
// until the WAL is synced, read, measured, cut off or closed: SQLite promises nobody anything about it
// before its sync (https://sqlite.org/walformat.html), and a write error found then is one it handles there
// as well. All other files are the lower layer's own.
// Threads: one at a time may register and open; a file belongs to its connection's thread.
const char* RegisterWalFiles();

}  // namespace webcare
