// HTTP to our own programs, by nothing of the code under test.
#pragma once

#include <string>

namespace webcare {

// The body of the answer, "" when there is none or its status is not 200.
std::string HttpOverTcp(int port, const std::string& method, const std::string& path,
                        const std::string& body = "");
std::string HttpOverUnix(const std::string& socket, const std::string& method,
                         const std::string& path);

}  // namespace webcare
