// A fault in a file that a flow names is told with that file's own place.

#include <catch2/catch.hpp>

#include "config/flow_file.hpp"

using namespace memspice;
using Catch::Matchers::Contains;

namespace {

/// Writes `text` beside nothing else and gives its path.
class OneFile {
 public:
  OneFile(const std::string& name, const std::string& text) : path_(folder_.path() / name) {
    write_file(path_, text);
  }
  std::filesystem::path beside(const std::string& name, const std::string& text) const {
    write_file(folder_.path() / name, text);
    return folder_.path() / name;
  }
  std::string path() const { return path_.string(); }

 private:
  TemporaryFolder folder_;
  std::filesystem::path path_;
};

std::string card_of(const std::string& x_init) {
  return "model = \"cell\"\nname = \"card\"\n[x_init]\nvalue = " + x_init +
         "\nlow = 0\nhigh = 1\nsource = \"own\"\n[read]\nparameter = \"x_init\"\nat_0 = \"2 uS\"\n"
         "at_1 = \"20 uS\"\ng_min = \"2 uS\"\ng_max = \"20 uS\"\nsource = \"own\"\n";
}

std::string flow_of(const std::string& model, const std::string& card) {
  return "[device]\nmodel = \"" + model + "\"\ncard = \"" + card + "\"\n";
}

constexpr const char* kCell =
    ".subckt cell p n x params: x_init=0.5\nr1 p n 1e5\nc1 x 0 1\n.ends\n";

}  // namespace

TEST_CASE("a card's fault is told with the card's place and the flow's", "[config]") {
  const OneFile card("card.toml", card_of("2"));
  card.beside("cell.sub", kCell);
  const std::string told = testing::FlowFile(flow_of("cell", card.path())).message();
  CHECK_THAT(told, Contains("card.toml:4:9") && Contains("x_init.value = 2"));
  CHECK_THAT(told, Contains("must be 0 to 1") && Contains("flow.toml:10:8"));
}

TEST_CASE("a subcircuit's fault is told with its file and line", "[config]") {
  const OneFile card("card.toml", card_of("0.5"));
  card.beside("cell.sub",
              "* own\n.subckt cell p n x params: x_init=0.5\nc1 x 0 1\n.include x\n.ends\n");
  const std::string told = testing::FlowFile(flow_of("cell", card.path())).message();
  CHECK_THAT(told, Contains("cell.sub:4") && Contains(".include") && Contains("flow.toml:10:8"));
}

TEST_CASE("the faults of technology and read cards keep their places", "[config]") {
  const OneFile read("mine.toml",
                     "model = \"static_read\"\nname = \"mine\"\n[g_min]\nvalue = \"1 Ohm\"\n"
                     "source = \"s\"\n");
  CHECK_THAT(testing::FlowFile(flow_of("static_read", read.path())).message(),
             Contains("mine.toml:4:9") && Contains("flow.toml:10:8"));
  const OneFile technology("tech.toml",
                           "name = \"tech\"\n[wire_row]\nvalue = \"1 S\"\nsource = \"s\"\n");
  CHECK_THAT(testing::FlowFile("[array]\ntechnology = \"" + technology.path() + "\"\n").message(),
             Contains("tech.toml:3:9") && Contains("flow.toml:9:14"));
}

TEST_CASE("a card that is not shipped is answered with those that are", "[config]") {
  using testing::FlowFile;
  CHECK_THAT(FlowFile(flow_of("static_read", "nope")).message(),
             Contains("flow.toml:10:8") && Contains("nope") && Contains("hfox_1t1r, linear"));
  CHECK_THAT(FlowFile(flow_of("team", "nope")).message(),
             Contains("flow.toml:10:8") && Contains("generic, pickett_tio2, technion_2011"));
  CHECK_THAT(FlowFile("[array]\ntechnology = \"nope\"\n").message(),
             Contains("flow.toml:9:14") && Contains("generic_45nm"));
  CHECK_THAT(FlowFile("[array]\ntopology = \"1t1r\"\naccess = \"nope\"\n").message(),
             Contains("flow.toml:10:10") && Contains("nmos_generic"));
}
