// [converters]: the figures of converters that are no ideal ones.

#include <catch2/catch.hpp>

#include "config/flow_file.hpp"

using namespace memspice;
using memspice::testing::FlowFile;

TEST_CASE("converters are ideal until a figure says otherwise", "[config][converters]") {
  const config::FlowOptions options = FlowFile("").load();
  CHECK(!options.converter_errors.any());
  CHECK(options.converter_errors.ladders == study::Ladders::Solved);
}

TEST_CASE("the errors of converters are read", "[config][converters]") {
  const FlowFile flow(
      "[converters]\nadc_mismatch = 0.01\nadc_offset = 1.5\nadc_gain_error = 0.02\n"
      "adc_noise = 0.3\ndac_mismatch = 0.005\ndac_offset = 0.5\ndac_gain_error = 0.03\n"
      "ladders = \"ngspice\"\n");
  const study::ConverterErrorOptions errors = flow.load().converter_errors;
  CHECK(errors.adc.mismatch == 0.01);
  CHECK(errors.adc.offset == 1.5);
  CHECK(errors.adc.gain_error == 0.02);
  CHECK(errors.adc_noise == 0.3);
  CHECK(errors.dac.mismatch == 0.005);
  CHECK(errors.dac.offset == 0.5);
  CHECK(errors.dac.gain_error == 0.03);
  CHECK(errors.ladders == study::Ladders::Ngspice);
  CHECK(errors.of_adcs());
  CHECK(errors.of_dacs());
}

TEST_CASE("each figure of the converters has its range", "[config][converters]") {
  const FlowFile flow("");
  for (const std::string kind : {"adc", "dac"}) {
    flow.tells("converters." + kind + "_mismatch=0.21", "must be 0 to 0.2");
    flow.tells("converters." + kind + "_offset=-1", "must be 0 to 1000");
    flow.tells("converters." + kind + "_gain_error=0.6", "must be 0 to 0.5");
    flow.tells("converters." + kind + "_gain_error=\"1 V\"", "converters." + kind + "_gain_error");
  }
  flow.tells("converters.adc_noise=2000", "must be 0 to 1000");
  flow.tells("converters.ladders=guessed", "solved, ngspice");
}

TEST_CASE("ladders end at twelve bits, offsets do not", "[config][converters]") {
  const FlowFile flow("[converters]\nadc_bits = 14\ndac_bits = 16\n");
  flow.tells("converters.adc_mismatch=0.01", "ladders have 12 bits at most: adc_bits is 14");
  flow.tells("converters.dac_mismatch=0.01", "ladders have 12 bits at most: dac_bits is 16");
  CHECK(flow.message({"converters.adc_offset=1", "converters.dac_offset=1"}) == "accepted");
}

TEST_CASE("DACs are measured or drawn, not both", "[config][converters]") {
  const FlowFile flow("[periphery]\nin_network = \"converters\"\n");
  flow.tells("converters.dac_mismatch=0.01", "converters.dac_mismatch");
  flow.tells("converters.dac_offset=1", "leave one of the two out");
  CHECK(flow.message({"converters.adc_mismatch=0.01"}) == "accepted");
  CHECK(FlowFile("[periphery]\nin_network = \"readout\"\n")
            .message({"converters.dac_mismatch=0.01"}) == "accepted");
}

TEST_CASE("ranges that layers learned are a table of their own", "[config][converters]") {
  const FlowFile flow(
      "[converters]\ndac_bits = 6\n[converters.input_range]\nconv1 = 1.5\nfc1 = 3\n");
  const mapping::ConverterOptions converters = flow.load().converters;
  CHECK(converters.dac_bits == 6);
  CHECK(converters.input_range == std::map<std::string, double>{{"conv1", 1.5}, {"fc1", 3.0}});
  flow.tells("converters.input_range.fc1=0", "converters.input_range.fc1");
}

TEST_CASE("a table within a table is known by what is asked of it", "[config][toml]") {
  const mapping::Options options =
      FlowFile("[mapping.layer_rows]\nfc1 = 32\n[mapping.layer_columns]\nfc1 = 16\n")
          .load()
          .mapping;
  CHECK(options.layer_rows.at("fc1") == 32);
  CHECK(options.layer_columns.at("fc1") == 16);
  CHECK(FlowFile("[mapping.layer_row]\nfc1 = 32\n").message().find("layer_row") !=
        std::string::npos);
}
