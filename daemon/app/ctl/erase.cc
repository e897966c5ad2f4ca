#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <memory>

#include "daemon/app/ctl/ctl.h"
#include "daemon/app/exit_codes.h"
#include "daemon/base/digest.h"

namespace webcare {
namespace {

// On a terminal a person is asked; a script must have said --yes.
bool IsAgreed(const std::string& what) {
  if (isatty(STDIN_FILENO) == 0) return false;
  std::fprintf(stderr, "%s goes for good. Type yes to go on: ", what.c_str());
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "yes";
}

void Erase(CtlOptions& options, const std::string& kind, const std::string& id, bool yes) {
  if (!Id128::FromHex(id))
    return Complain(options, kExitUsage, "an id is 32 digits, 0-9 and a-f, as in the events");
  const std::string what = kind == "post" ? "Post " + id : "All of the author of case " + id;
  if (!yes && !IsAgreed(what))
    return Complain(options, kExitUsage, "nothing was erased: it takes a yes, or --yes");
  const auto answer = AskDaemon(options, "POST", "/erase/" + kind + "/" + id);
  if (!answer) return;
  const std::string error(answer->root()["error"].Str());
  if (!error.empty()) return Complain(options, kExitTemporary, error);
  const auto erased = static_cast<long long>(answer->root()["erased"].Int().value_or(0));
  std::printf(options.json ? "{\"erased\":%lld}\n" : "erased: %lld\n", erased);
  if (erased == 0) Complain(options, kExitNoInput, "nothing is kept under that id");
}

}  // namespace

void AddErase(CLI::App& app, CtlOptions& options) {
  CLI::App* const command = app.add_subcommand("erase", "Forget a person or a post, on request");
  command->require_subcommand(1);
  const auto yes = std::make_shared<bool>(false);
  command->add_flag("--yes", *yes, "Do not ask");
  const auto add = [&](const std::string& kind, const char* help, const char* id_help) {
    const auto id = std::make_shared<std::string>();
    CLI::App* const one = command->add_subcommand(kind, help);
    one->add_option("id", *id, id_help)->required();
    one->callback([&options, kind, id, yes] { Erase(options, kind, *id, *yes); });
  };
  add("author", "All cases of a person", "One of them, as in the events: 32 digits");
  add("post", "One post, as if the site had deleted it", "As in the events: 32 digits");
  command->footer(
      "Texts, names and waiting turns go at once, from disk too. Agents are told: a tombstone in\n"
      "webcare.cases for each case they had, or that the case changed. What already stands in the\n"
      "other topics ends with their retention.");
}

}  // namespace webcare
