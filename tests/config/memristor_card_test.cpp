#include "config/memristor_card.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "device/memristor.hpp"

using namespace memspice;

namespace {

const std::string kMemristorCard =
    "model = \"threshold\"\nname = \"mine\"\n"                 // lines 1, 2
    "[r_on]\nvalue = \"1 kOhm\"\nsource = \"test\"\n"          // 3 .. 5
    "[r_off]\nvalue = \"10 kOhm\"\nsource = \"test\"\n"        // 6 .. 8
    "[v_t]\nvalue = \"4.6 V\"\nsource = \"test\"\n"            // 9 .. 11
    "[alpha]\nvalue = 0\nsource = \"test\"\n"                  // 12 .. 14
    "[beta]\nvalue = \"1e13 Ohm/(V s)\"\nsource = \"test\"\n"  // 15 .. 17
    "[x_init]\nvalue = 0.5\nsource = \"test\"\n";              // 18 .. 20

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

struct CardFile {
  TemporaryFolder folder;
  device::MemristorCard load(const std::string& text, const config::Overrides& sets = {}) {
    const auto path = folder.path() / "mine.toml";
    write_file(path, text);
    return config::load_memristor_card("threshold", path.string(), sets);
  }
  std::string error(const std::string& text) {
    try {
      load(text);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }
};

}  // namespace

TEST_CASE("load_memristor_card reads units, defaults and overrides", "[config]") {
  CardFile file;
  const auto card = file.load(kMemristorCard);
  CHECK(card.parameters.at("r_off").value == 1e4);
  CHECK(card.parameters.at("beta").value == 1e13);
  CHECK(card.parameters.at("smooth").value == 0.005);  // the model's default
  const auto set = file.load(kMemristorCard, {"v_t=2 V", "edge=0.1"});
  CHECK(set.parameters.at("v_t").value == 2.0);
  CHECK(set.parameters.at("edge").value == 0.1);
  CHECK(set.parameters.at("v_t").source == "given by --set");
}

TEST_CASE("load_memristor_card tells where a bad card is bad, and what to do", "[config]") {
  using Catch::Matchers::Contains;
  CardFile file;
  CHECK_THAT(file.error(replaced(kMemristorCard, "4.6 V", "-4.6 V")),
             Contains("mine.toml:10:") && Contains("above zero"));
  CHECK_THAT(file.error(replaced(kMemristorCard, "4.6 V", "4.6 S")),
             Contains("mine.toml:10:") && Contains("V"));
  CHECK_THAT(file.error(replaced(kMemristorCard, "1 kOhm", "20 kOhm")),
             Contains("mine.toml:7:") && Contains("upside down"));
  CHECK_THAT(file.error(replaced(kMemristorCard, "value = 0.5", "value = 1.5")),
             Contains("mine.toml:19:") && Contains("initial state"));
  CHECK_THAT(file.error(replaced(kMemristorCard, "1e13 Ohm/(V s)", "1e13 Ohm")),
             Contains("mine.toml:16:") && Contains("Ohm/(V s)"));
  CHECK_THAT(file.error(replaced(kMemristorCard, "[beta]", "[betta]")),
             Contains("mine.toml:15:") && Contains("beta"));
  CHECK_THAT(file.error(replaced(kMemristorCard, "value = \"4.6 V\"\n", "")), Contains("v_t"));
  CHECK_THAT(file.error(replaced(kMemristorCard, "value = 0\nsource = \"test\"\n", "value = 0\n")),
             Contains("alpha") && Contains("source"));
  CHECK_THAT(file.error(replaced(kMemristorCard, "\"threshold\"", "\"vteam\"")),
             Contains("mine.toml:1:"));
}

TEST_CASE("every shipped memristor card loads and makes its model", "[config]") {
  for (const std::string& model : device::memristor_models()) {
    if (model == "static_read") continue;  // its cards: load_cards_test
    const auto cards = config::shipped_cards(model);
    CHECK_FALSE(cards.empty());
    for (const std::string& name : cards) {
      INFO(model << ' ' << name);
      const auto card = config::load_memristor_card(model, name);
      CHECK(device::make_memristor(card)->name() == model);
      for (const auto& [parameter, figure] : card.parameters) CHECK_FALSE(figure.source.empty());
    }
  }
}

TEST_CASE("a model without a C++ class takes the parameters of its subcircuit", "[config]") {
  TemporaryFolder folder;
  const auto card = folder.path() / "mine.toml";
  write_file(folder.path() / "own.sub",
             "* a model of one's own\n.subckt own p n x params: g=1e-6 x_init=0.5\n"
             "b1 p n i={g}*v(p,n)\nr1 x 0 1\nb2 0 x i={x_init}\n.ends own\n");
  const std::string text =
      "model = \"own\"\nname = \"mine\"\n[g]\nvalue = 2e-6\nsource = \"test\"\n"
      "[x_init]\nvalue = 0.1\nsource = \"test\"\n";
  write_file(card, text);
  CHECK(config::load_memristor_card("own", card.string()).parameters.at("g").value == 2e-6);
  CHECK(config::subcircuit_file("own", card.string()) == (folder.path() / "own.sub").string());
  write_file(card, text + "[h]\nvalue = 1\nsource = \"test\"\n");
  CHECK_THROWS_AS(config::load_memristor_card("own", card.string()), InputError);
}
