#include "netlist/model_text.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "circuit/name.hpp"

namespace memspice::netlist {
namespace {

/// A sound cell with `line` among its elements.
std::string with(const std::string& line) {
  return ".subckt cell p n G=1e-6\nR1 p n {1/G}\n" + line + "\n.ends cell\n";
}

}  // namespace

TEST_CASE("read_definition renders what it understood", "[netlist]") {
  const circuit::Definition cell = read_definition(
      "* a cell\n\n.SUBCKT Cell P\tN PARAMS: G = 1e-6\n"
      "+ alpha=3   ; non-linearity\n"
      "* between\n"
      "B1 P N I = {G / alpha} *sinh( {alpha} * V(P, N) ) $ current\r\n"
      "C1 p n 1e-15\n"
      ".ends\n* end\n",
      "cell.sub");
  CHECK(cell.name == "cell");
  CHECK(cell.ports == std::vector<std::string>{"p", "n"});
  CHECK(cell.text ==
        ".subckt cell p n params: g=1e-6 alpha=3\n"
        "b1 p n i={g/alpha} *sinh({alpha}*v(p,n))\n"
        "c1 p n 1e-15\n"
        ".ends\n");
  CHECK(read_definition(cell.text, "again").text == cell.text);
}

TEST_CASE("read_definition reads models and everything a model needs", "[netlist]") {
  const circuit::Definition model = read_definition(".model N1 NMOS (level=1\n+ vto=0.5)\n", "m");
  CHECK(model.name == "n1");
  CHECK(model.ports.empty());
  for (const char* line : {".model d1 d(is=1e-14)",
                           ".param k=2 j={k*3}",
                           ".func f(x) {x*x}",
                           "L1 p n 1e-9",
                           "E1 a 0 p n 2",
                           "G1 p n value={1e-3*v(p,n)}",
                           "V1 a n dc 0",
                           "I1 p n pulse(0 1 1e-9 1e-9 1e-9 1e-8 2e-8)",
                           "D1 p n d1",
                           "Q1 p n 0 q1",
                           "M1 p n 0 0 n1 w=1e-6 l=1e-7",
                           "S1 p n p 0 s1",
                           "X1 p n other g={G}"}) {
    INFO(line);
    CHECK_NOTHROW(read_definition(with(line), "cell.sub"));
  }
}

TEST_CASE("the shipped static read model is a model", "[netlist]") {
  const circuit::Definition cell =
      read_definition_file(shipped_file("device_models/static_read/static_read.sub").string());
  CHECK(cell.name == "static_read");
  CHECK(cell.ports == std::vector<std::string>{"p", "n"});
}

TEST_CASE("read_definition refuses commands, files and code inside a model", "[netlist]") {
  const std::vector<std::string> hostile = {".control\nshell true\n.endc",
                                            ".CONTROL",
                                            " .control",
                                            "\t.control",
                                            ".con\n+trol",
                                            ".include /etc/passwd",
                                            ".inc /etc/passwd",
                                            ".lib /etc/passwd tt",
                                            ".options gmin=1",
                                            ".end",
                                            ".endc",
                                            ".exec",
                                            ".csparam x=1",
                                            ".global p",
                                            ".dc v1 0 1 1",
                                            ".print all",
                                            ".meas x",
                                            ".if (1)",
                                            "shell rm -rf x",
                                            "shell rm x y",
                                            "source a b c",
                                            "echo a b c",
                                            "codemodel evil.cm",
                                            "osdi evil.osdi",
                                            "source x",
                                            "A1 p n filesrc",
                                            "a1 [p n] m",
                                            "N1 p n osdimodel",
                                            "U1 p n lib",
                                            "T1 p 0 n 0 z0=50",
                                            "Y1 p n x",
                                            "V1 p n pwl file=/etc/passwd",
                                            "V1 p n pwlfile=/etc/passwd",
                                            "V1 p n wavefile /etc/passwd chan=1",
                                            "V1 p n \"x\"",
                                            "B1 p n v=`ls`",
                                            "B1 p n v=v(p)\\\n+",
                                            "B1 p n v=$(ls)",
                                            "B1 p n v=v(p)@x",
                                            "B1 p n v=v(p)#x",
                                            "B1 p n v={1",
                                            "B1 p n v=1}",
                                            "B1 p n v=({1)}",
                                            "B1 p n v=v(p)%2",
                                            ".model f filesource",
                                            ".model f filesource(file=x)",
                                            ".model f d_state(state_file=x)",
                                            ".model f d_process",
                                            ".model f spice2poly",
                                            ".model f",
                                            ".model 1f d",
                                            ".param",
                                            ".param x",
                                            ".param x=",
                                            "R1 p n",
                                            "R1",
                                            "R.1 p n 1",
                                            "R1 p! n 1",
                                            ".subckt inner p n",
                                            ".subckt inner p n\nR1 p n 1\n.ends",
                                            "R1 p n 1\v2",
                                            "R1 p n 1\f",
                                            "R1 p n 1\r.control",
                                            "R1 p n \x01",
                                            "R1 p n \x7f",
                                            "R1 p n 1\xc2\xb5",
                                            std::string("R1 p n 1\0.control", 17)};
  REQUIRE_NOTHROW(read_definition(with("R2 p n 1"), "cell.sub"));
  for (const std::string& line : hostile) {
    INFO(line);
    CHECK_THROWS_AS(read_definition(with(line), "cell.sub"), InputError);
    CHECK_THROWS_WITH(read_definition(with(line), "cell.sub"), Catch::StartsWith("cell.sub:"));
  }
}

TEST_CASE("read_definition refuses texts that are not one model", "[netlist]") {
  const std::vector<std::string> bad = {
      "",
      "\n\n",
      "* only a comment\n",
      "+ R1 p n 1\n",
      "R1 p n 1\n",
      ".param x=1\n.subckt c p n\nR1 p n 1\n.ends\n",
      ".subckt\n.ends\n",
      ".subckt c\nR1 a b 1\n.ends\n",
      ".subckt c p n\n.ends\n",
      ".subckt c p n\nR1 p n 1\n",
      ".subckt c p p\nR1 p p 1\n.ends\n",
      ".subckt c p 0\nR1 p 0 1\n.ends\n",
      ".subckt c p gnd\nR1 p gnd 1\n.ends\n",
      ".subckt c.d p n\nR1 p n 1\n.ends\n",
      ".subckt c p n 1g=2\nR1 p n 1\n.ends\n",
      ".subckt c p n g=\nR1 p n 1\n.ends\n",
      ".subckt c p n\nR1 p n 1\n.ends other\n",
      ".subckt c p n\nR1 p n 1\n.ends c\n.control\n",
      ".subckt c p n\nR1 p n 1\n.ends c\nR9 x y 1\n",
      ".subckt c p n\nR1 p n 1\n.ends\n.subckt d p n\nR1 p n 1\n.ends\n",
      ".model m d\n.model k d\n",
      ".model m d\n.control\n",
      ".ends\n",
      ".control\nshell true\n.endc\n"};
  for (const std::string& text : bad) {
    INFO(text);
    CHECK_THROWS_AS(read_definition(text, "cell.sub"), InputError);
  }
  CHECK_THROWS_WITH(read_definition(bad[9], "cell.sub"),
                    Catch::Contains("cell.sub:1") && Catch::Contains("no .ends"));
  CHECK_THROWS_WITH(
      read_definition(with("A1 p n m"), "cell.sub"),
      Catch::Contains("cell.sub:3") && Catch::Contains("a1") && Catch::Contains(".subckt"));
  CHECK_THROWS_AS(read_definition(std::string(kMaxModelText + 1, ' '), "big"), InputError);
  CHECK_THROWS_AS(read_definition_file("/nowhere/cell.sub"), InputError);
}

TEST_CASE("whatever follows a comment sign never reaches the deck", "[netlist]") {
  for (const char* comment : {"R2 p n 1 ; .control",
                              "R2 p n 1 $ shell",
                              "*# shell true",
                              "*ng_script",
                              "; shell",
                              "* .include x"}) {
    const std::string text = read_definition(with(comment), "cell.sub").text;
    INFO(text);
    CHECK(text.find("shell") == std::string::npos);
    CHECK(text.find('.', 1) == text.find(".ends"));
    CHECK(text.find('*') == std::string::npos);
  }
}

TEST_CASE("long lines are wrapped and read back the same", "[netlist]") {
  std::string sum = "1";
  for (int k = 0; k < 500; ++k) sum += " + " + std::to_string(k);
  const std::string text = read_definition(with("B1 p n i={" + sum + "}"), "c").text;
  CHECK(read_definition(text, "c").text == text);
  std::string points = "V1 a n pwl(";
  for (int k = 0; k < 500; ++k) points += " " + std::to_string(k) + " 0";
  const std::string wrapped = read_definition(with(points + " )"), "c").text;
  CHECK(read_definition(wrapped, "c").text == wrapped);
}

TEST_CASE("random text is refused or rendered as elements and nothing else", "[netlist]") {
  const std::vector<std::string> pieces = {
      "\n",         "\n+",      " ",          ".control",   ".subckt x p n",
      ".ends",      "R1 p n 1", ";",          "$",          "{",
      "}",          "(",        ")",          "=",          "*",
      "\\",         "'",        "\"",         "\r",         "\t",
      ".include x", "a1",       "shell",      "file",       ".",
      "+",          "v(p,n)",   "B2 p n v=1", ".model m d", "\x80",
      "\n*"};
  RandomStream random(3, "hostile text");
  int read = 0;
  for (int trial = 0; trial < 20000; ++trial) {
    std::string text = ".subckt cell p n\nR0 p n 1\n";
    const std::size_t count = random.below(6);
    for (std::size_t k = 0; k < count; ++k) text += pieces[random.below(pieces.size())];
    text += "\n.ends\n";
    try {
      const circuit::Definition cell = read_definition(text, "fuzz");
      ++read;
      REQUIRE(read_definition(cell.text, "fuzz").text == cell.text);
      for (const std::string& line : split(cell.text, '\n')) {
        if (line.empty()) continue;
        INFO(text << "->\n" << cell.text);
        const bool card = line.starts_with(".subckt") || line.starts_with(".ends") ||
                          line.starts_with(".model m d");
        const std::string_view elements = "+rclbefghvidqmjswx";
        REQUIRE((card || elements.find(line.front()) != std::string_view::npos));
      }
    } catch (const InputError&) {
    }
  }
  CHECK(read > 500);  // the texts without a hostile piece
}

}  // namespace memspice::netlist
