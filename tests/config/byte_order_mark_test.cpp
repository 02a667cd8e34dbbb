// Editors put a byte-order mark before UTF-8 text; it belongs to no key and no number.
#include <catch2/catch.hpp>

#include "base/files.hpp"
#include "config/toml_document.hpp"
#include "netlist/model_text.hpp"

using namespace memspice;

namespace {

const std::string kMark = "\ufeff";

}  // namespace

TEST_CASE("TOML files and subcircuits may begin with a byte-order mark", "[config]") {
  const TemporaryFolder folder;
  const auto card = folder.path() / "card.toml";
  write_file(card, kMark + "seed = 7\n[array]\nwire = 2\n");
  config::TomlDocument document(card);
  REQUIRE(document.find("", "seed") != nullptr);
  CHECK(document.find("", "seed")->place == card.string() + ":1:8");
  CHECK(document.find("array", "wire") != nullptr);
  CHECK_NOTHROW(document.finish());

  const std::string cell = ".subckt cell p n g=1e-6\nr1 p n {1/g}\n.ends cell\n";
  write_file(folder.path() / "cell.sub", kMark + cell);
  const auto read = netlist::read_definition_file((folder.path() / "cell.sub").string());
  CHECK(read.text == netlist::read_definition(cell, "cell").text);
}
