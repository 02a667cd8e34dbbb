// Names in files are foreign text: no command and no message hands a terminal what it would obey.
#include <catch2/catch.hpp>
#include <filesystem>

#include "base/files.hpp"
#include "base/visible_text.hpp"
#include "program_run.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using cli::run_memspice;

namespace {

/// Nothing in `text` but newlines and tabs is unseen.
bool is_harmless(const std::string& text) {
  return escape_unseen(text) == text;
}

}  // namespace

TEST_CASE("no name in a file reaches the terminal as a command", "[cli]") {
  const TemporaryFolder folder;
  const auto model = folder.path() / "model";
  write_file(model / "cell.sub", ".subckt cell p n g=1e-6\nr1 p n {1/g}\n.ends cell\n");
  for (const char* name : {"csi\u009b2J",
                           "osc\u009d0;x\u009c",
                           "rlo\u202egnp",
                           "zero\u200bwidth",
                           "line\u2028break",
                           "esc\x1b[2J"}) {
    INFO(escape_unseen(name));
    const auto card = model / (std::string(name) + ".toml");
    write_file(card, "model = \"cell\"\nname = \"other\"\n");
    for (const auto& arguments : std::vector<std::vector<std::string>>{
             {"device", "list", folder.path().string()},
             {"device", "list", folder.path().string(), "--json"},
             {"device", "show", card.string()},
             {"check", card.string()},
             {"solve", "--conductance", card.string(), "--response"},
             {"run", name},
             {"solve", name}}) {
      const auto run = run_memspice(arguments);
      INFO(escape_unseen(run.out + run.err));
      CHECK(is_harmless(run.out));
      CHECK(is_harmless(run.err));
    }
    std::filesystem::remove(card);
  }
}
