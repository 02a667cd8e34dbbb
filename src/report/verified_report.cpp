#include "report/verified_report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/progress.hpp"
#include "base/text.hpp"
#include "report/sections.hpp"
#include "report/share_json.hpp"
#include "report/share_text.hpp"

namespace memspice::report {
namespace {

std::string lead_of(const SpiceAccuracy& found) {
  return with_thousands(found.images) + " of the " + with_thousands(found.scored) +
         " scored images, drawn at random" +
         (found.by_margin ? ", half of them from the tenth with the smallest margins and weighed "
                            "back"
                          : "") +
         ", went through ngspice crossbar by crossbar (" + format_duration(found.seconds) +
         "). The interval holds with 95 % for all scored images: what the others would change is "
         "bounded by the exact bounds of both rates of changed labels.";
}

Table accuracy_table(const SpiceAccuracy& found) {
  return {.titles = {"accuracy", "correct", "points"},
          .rows = {{"as scored", percent(found.before), ""},
                   {"in SPICE", with_interval(found.accuracy), change_text(found.change)}}};
}

Table images_table(const SpiceAccuracy& found) {
  return {.titles = {"images in SPICE",
                     "other label",
                     "gained",
                     "lost",
                     "largest score error",
                     "least margin",
                     "median margin"},
          .rows = {{with_thousands(found.images),
                    with_thousands(found.flips),
                    with_thousands(found.change.gained),
                    with_thousands(found.change.lost),
                    to_text_rounded(found.largest_error, 3),
                    to_text_rounded(found.least_margin, 3),
                    to_text_rounded(found.median_margin, 3)}}};
}

}  // namespace

simulate::Share accuracy_after(const simulate::Share& before,
                               const simulate::PairedChange& change) {
  const auto moved = [&](double by) { return std::clamp(before.value + by, 0.0, 1.0); };
  simulate::Share after(moved(change.value), before.images);
  if (change.interval.low) after.interval.low = moved(*change.interval.low);
  if (change.interval.high) after.interval.high = moved(*change.interval.high);
  return after;
}

nlohmann::ordered_json verified_json(const SpiceAccuracy& found) {
  nlohmann::ordered_json json = share_json(found.accuracy);
  json["images"] = found.images;
  json["scored"] = found.scored;
  json["before"] = found.before.value;
  json["change"] = change_json(found.change);
  json["by_margin"] = found.by_margin;
  json["flips"] = found.flips;
  json["largest_score_error"] = found.largest_error;
  json["least_margin"] = found.least_margin;
  json["median_margin"] = found.median_margin;
  json["seconds"] = found.seconds;
  return json;
}

Sections sections_of(const SpiceAccuracy& found) {
  return {{.title = "Wholly in SPICE",
           .lead = lead_of(found),
           .tables = {{.table = accuracy_table(found)},
                      {.table = images_table(found), .text_columns = 0}}}};
}

}  // namespace memspice::report
