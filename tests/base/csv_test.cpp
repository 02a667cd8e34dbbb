#include "base/csv.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/random.hpp"

using namespace memspice;

namespace {

/// The message that parse_csv gives for `text`; fails the test when it accepts it.
std::string rejection(std::string_view text) {
  try {
    parse_csv(text, "G.csv");
  } catch (const InputError& error) {
    return error.what();
  }
  FAIL("accepted: " << text);
  return {};
}

}  // namespace

TEST_CASE("parse_csv skips comments and blank lines", "[base]") {
  const Eigen::MatrixXd matrix =
      parse_csv("# G [S]\n\n1e-6, 2e-6 # first\r\n  \n3e-6,-4e-6", "G.csv");
  Eigen::MatrixXd expected(2, 2);
  expected << 1e-6, 2e-6, 3e-6, -4e-6;
  CHECK(matrix == expected);
}

TEST_CASE("parse_csv reads a single number, a row and a column", "[base]") {
  CHECK(parse_csv("5", "a") == Eigen::MatrixXd::Constant(1, 1, 5.0));
  CHECK(parse_csv("1,1,1\n", "a") == Eigen::MatrixXd::Ones(1, 3));
  CHECK(parse_csv("1\n1\n1\n", "a") == Eigen::MatrixXd::Ones(3, 1));
}

TEST_CASE("parse_csv names the line of what it refuses", "[base]") {
  CHECK(rejection("1,2\n# note\n3\n").find("G.csv:3: 1 fields") == 0);  // ragged
  CHECK(rejection("1,2\n3,4,5\n").find("G.csv:2: 3 fields") == 0);
  CHECK(rejection("1,nan\n").find("G.csv:1: column 2") == 0);
  CHECK(rejection("1\ninf\n").find("G.csv:2: column 1") == 0);
  CHECK(rejection("1,x\n").find("G.csv:1: column 2 \"x\": is no number") == 0);
  CHECK(rejection("1,2,\n").find("G.csv:1: column 3") == 0);  // trailing comma
  CHECK(rejection("1;2\n").find("G.csv:1: column 1") == 0);
}

TEST_CASE("parse_csv refuses a text without numbers", "[base]") {
  for (const char* text : {"", "\n\n", "# only a comment"}) {
    CHECK(rejection(text).find("G.csv: holds no numbers") == 0);
  }
}

TEST_CASE("format_csv and read_csv keep every bit", "[base]") {
  const TemporaryFolder folder;
  RandomStream stream(1, "csv_test");
  Eigen::MatrixXd matrix(7, 3);
  for (double& value : matrix.reshaped()) value = 1e-6 * stream.normal();
  write_file(folder.path() / "m.csv", format_csv(matrix, "I [A]\nspoof"));
  CHECK(read_csv(folder.path() / "m.csv") == matrix);
  CHECK(format_csv(Eigen::MatrixXd::Ones(1, 2), "a\nb") == "# a\\nb\n1,1\n");
}

TEST_CASE("read_csv names a missing file", "[base]") {
  CHECK_THROWS_WITH(read_csv("/nonexistent/G.csv"),
                    Catch::StartsWith("/nonexistent/G.csv: no such file"));
}

TEST_CASE("a spreadsheet's byte-order mark is no part of the first number", "[base]") {
  CHECK(parse_csv("\ufeff1e-5,2e-5\n", "G.csv") == parse_csv("1e-5,2e-5\n", "G.csv"));
  CHECK(parse_csv("\ufeff# G [S]\n3\n", "G.csv")(0, 0) == 3.0);
  CHECK_THAT(rejection("\ufeff\n"), Catch::Contains("holds no numbers"));
  CHECK_THAT(rejection("1\n\ufeff2\n"), Catch::Contains("G.csv:2"));
  CHECK_THAT(rejection("\xff\xfe"
                       "1,2"),
             Catch::Contains("UTF-16"));
}
