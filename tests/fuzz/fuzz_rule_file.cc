// Any bytes as a rule file: it loads or it is refused with reasons, and what loads can judge.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "rules/rule_set.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  webcare::Diagnostics diagnostics;
  const auto rules = webcare::LoadRules({{"fuzz.yaml", text}}, diagnostics);
  if ((rules == nullptr) == diagnostics.ok()) std::abort();
  if (rules == nullptr) return 0;
  webcare::Post post;
  post.text =
      "Dit werkt al 3 dagen niet, #SlechteService! kheb zaaaat order 1234 @x https://a.example 👎 ";
  post.text += text.substr(0, text.find('\0'));
  const webcare::Verdict verdict = rules->Decide(post, {});
  for (const webcare::RuleHit& hit : verdict.hits)
    for (const webcare::Span& span : hit.spans)
      if (span.begin >= span.end || span.end > post.text.size()) std::abort();
  return 0;
}
