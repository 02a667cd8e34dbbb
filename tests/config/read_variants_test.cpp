#include "config/read_variants.hpp"

#include <catch2/catch.hpp>
#include <ctime>

#include "base/error.hpp"
#include "base/files.hpp"

using namespace memspice;
using config::load_flow;
using config::load_variants;

namespace {

/// A flow of ten lines, to which a test adds [study] and [[variant]].
class StudyFile {
 public:
  explicit StudyFile(const std::string& more) : path_(folder_.path() / "sizes.toml") {
    write_file(path_,
               "[network]\nfile = \"net.onnx\"\n[data]\nimages = \"t.gz\"\nlabels = \"l.gz\"\n"
               "calibration_images = \"c.gz\"\ncalibration_labels = \"d.gz\"\n[mapping]\n"
               "rows = 32\ncolumns = 32\n" +
                   more);
  }
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path folder() const { return folder_.path(); }
  /// The message of the InputError, without the temporary folder.
  std::string message(const config::Overrides& overrides = {}) const {
    return message_of([&] { load_variants(path_, overrides); });
  }
  template <typename Action>
  std::string message_of(Action&& action) const {
    try {
      action();
    } catch (const InputError& error) {
      std::string text = error.what();
      const std::string folder = folder_.path().string() + '/';
      for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
        text.erase(at, folder.size());
      }
      return text;
    }
    return "accepted";
  }

 private:
  TemporaryFolder folder_;
  std::filesystem::path path_;
};

constexpr const char* kTwo =
    "[study]\ntitle = \"Sizes\"\nx = \"side\"\ncolumns = [\"crossbars\", \"area\"]\n"
    "claims = [\"smaller is better\"]\n"                           // lines 11 to 15
    "[[variant]]\nname = \"Small one\"\nx = 32\nseries = \"a\"\n"  // 16 to 19
    "[[variant]]\nname = \"large\"\nx = 128.5\nmapping.rows = 128\nnetwork.file = \"big.onnx\"\n"
    "nonideality.device_to_device.sigma = 0.25\ncounts_only = true\n";  // 20 to 26

}  // namespace

TEST_CASE("a flow's variants replace its keys, and share all others", "[config]") {
  const StudyFile file(kTwo);
  const config::VariantFlow flow = load_variants(file.path());
  CHECK(flow.study.title == "Sizes");
  CHECK(flow.study.x == "side");
  CHECK(flow.study.columns == std::vector<std::string>{"crossbars", "area"});
  CHECK(flow.study.claims == std::vector<std::string>{"smaller is better"});
  REQUIRE(flow.variants.size() == 2);
  const config::Variant& small = flow.variants[0];
  CHECK(small.name == "Small one");
  CHECK(small.folder == "small_one");
  CHECK(small.x == 32.0);
  CHECK(small.series == "a");
  CHECK_FALSE(small.counts_only);
  CHECK(small.options.mapping.rows == 32);
  CHECK(small.options.network_file == file.folder() / "net.onnx");
  const config::Variant& large = flow.variants[1];
  CHECK(large.x == 128.5);
  CHECK(large.counts_only);
  CHECK(large.options.variant == "large");
  CHECK(large.options.mapping.rows == 128);
  CHECK(large.options.mapping.columns == 32);
  CHECK(large.options.network_file == file.folder() / "big.onnx");  // beside the flow file
  CHECK(large.options.nonideality.device_to_device.sigma == 0.25);
  CHECK(large.options.out == std::filesystem::path("results/sizes/large"));
}

TEST_CASE("--set beats a variant's own key", "[config]") {
  const StudyFile file(kTwo);
  const config::VariantFlow flow = load_variants(file.path(), {"mapping.rows=16"});
  CHECK(flow.variants[0].options.mapping.rows == 16);
  CHECK(flow.variants[1].options.mapping.rows == 16);
}

TEST_CASE("one variant is loaded by its name, and one must be named", "[config]") {
  const StudyFile file(kTwo);
  CHECK(load_flow(file.path(), {}, "large").mapping.rows == 128);
  CHECK(file.message_of([&] { load_flow(file.path()); }) ==
        "sizes.toml: 2 variants: this takes one of them; choose with --variant: \"Small one\", "
        "\"large\"");
  CHECK(file.message_of([&] { load_flow(file.path(), {}, "lage"); }) ==
        "--variant: \"lage\": is none of this flow's; did you mean \"large\"?");
  const StudyFile single("");
  CHECK(load_variants(single.path()).variants.empty());
  CHECK(single.message_of([&] { load_flow(single.path(), {}, "large"); }) ==
        "--variant: \"large\": this flow has no [[variant]]; leave --variant out");
}

TEST_CASE("faults in variants are told at their own place", "[config]") {
  const auto with = [](const std::string& more) { return StudyFile(kTwo + more).message(); };
  CHECK(with("[[variant]]\nname = \"third\"\nx = 1\nmapping.rows = 0\n") ==
        "sizes.toml:30:16: mapping.rows = 0: must be 1 to 4096; choose a value in that range");
  CHECK(with("[[variant]]\nname = \"third\"\nx = 1\nmapping.rowss = 8\n") ==
        "sizes.toml:30:9: unknown key \"rowss\" in [mapping]; did you mean \"rows\"?");
  CHECK(with("[[variant]]\nnam = \"third\"\n") ==
        "sizes.toml:27:1: key \"name\" is missing in [[variant]]; add name = \"...\"; tables and "
        "folders are headed by it");
  CHECK(with("[[variant]]\nname = \"third\"\nx = 1\nserie = \"a\"\n") ==
        "sizes.toml:30:1: unknown key \"serie\" in [[variant]]; did you mean \"series\"?, or a key "
        "of the flow as TABLE.KEY");
  CHECK(with("[[variant]]\nname = \"large\"\nx = 1\n") ==
        "sizes.toml:28:8: name = \"large\": there is a variant of this name already; give each "
        "variant a name of its own");
  CHECK(with("[[variant]]\nname = \"LARGE!\"\nx = 1\n") ==
        "sizes.toml:28:8: name = \"LARGE!\": gives the same folder as \"large\", large; give each "
        "variant a name of its own");
  CHECK(with("[[variant]]\nname = \"third\"\n") ==
        "sizes.toml:27:1: key \"x\" is missing in [[variant]], though others have one; add x, or "
        "take it from all variants");
  CHECK(with("[[variant]]\nname = \"third\"\nx = \"1\"\n")
            .find("29:5: x = \"1\": must be a number") != std::string::npos);
  CHECK(with("[[variant]]\nname = \"...\"\nx = 1\n").find("must hold a letter or a digit") !=
        std::string::npos);
}

TEST_CASE("a study's columns are metrics, and it needs variants", "[config]") {
  const StudyFile unknown(
      "[study]\ncolumns = [\"area\", \"crosbars\"]\n[[variant]]\nname = \"a\"\n");
  CHECK(unknown.message() ==
        "sizes.toml:12:11: study.columns = an array: \"crosbars\" is no number of a run; did you "
        "mean \"crossbars\"?");
  const StudyFile none("[study]\ntitle = \"t\"\n");
  CHECK(none.message_of([&] { load_flow(none.path()); }) ==
        "sizes.toml: [study]: lays variants side by side, and there is no [[variant]]; add "
        "[[variant]] tables with a name each, or take [study] out");
}

TEST_CASE("tables and arrays of tables are not taken for each other", "[config]") {
  const auto told = [](const std::string& more) {
    const StudyFile file(more);
    return file.message_of([&] { load_flow(file.path()); });
  };
  CHECK(told("[variant]\nname = \"a\"\n") ==
        "sizes.toml:11:2: [variant]: there may be several of these: they are [[variant]]; write "
        "[[variant]]");
  CHECK(told("[[converters]]\ndac_bits = 4\n") ==
        "sizes.toml:11:1: one table, not several: [[converters]]; write [converters]");
  CHECK(told("[[varian]]\nname = \"a\"\n") ==
        "sizes.toml:11:1: unknown tables [[varian]]; did you mean \"variant\"?");
}

TEST_CASE("a variant's folder leaves room for the study's own files", "[config]") {
  const auto told = [](const std::string& name) {
    return StudyFile("[[variant]]\nname = \"" + name + "\"\n").message();
  };
  for (const char* name : {"results.json",
                           "Results.JSON",
                           "report.html",
                           "map.json",
                           "tiles.sqlite",
                           "tiles.sqlite-wal",
                           "characterization.json"}) {
    INFO(name);
    CHECK(told(name).find("sizes.toml:12:8: name = ") == 0);
    CHECK(told(name).find("the study has a file of that name") != std::string::npos);
  }
  CHECK(told(std::string(300, 'a')).find("of more than 200 letters") != std::string::npos);
  for (const char* name : {"results", "report 2", "results.json.old", "my tiles.sqlite"}) {
    CHECK(told(name) == "accepted");
  }
}

TEST_CASE("what variants take to read grows with their number", "[config]") {
  const auto seconds = [](int count) {
    std::string variants;
    for (int v = 0; v < count; ++v) {
      variants += "[[variant]]\nname = \"v" + std::to_string(v) + "\"\nmapping.rows = 64\n";
    }
    const StudyFile file(variants);
    const std::clock_t start = std::clock();
    CHECK(load_variants(file.path()).variants.size() == static_cast<std::size_t>(count));
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  };
  seconds(100);  // caches are warm from here on
  // Eight times as many: linear takes 8 times as long, quadratic 64 times.
  CHECK(seconds(1600) < 24.0 * seconds(200));
}
