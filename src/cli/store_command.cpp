#include "cli/store_command.hpp"
#include "flow/plan.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/progress.hpp"
#include "base/text.hpp"
#include "report/numbers.hpp"
#include "report/text_table.hpp"
#include "tile/store.hpp"

namespace memspice::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kStoreExamples =
    "The store keeps what ngspice and the mesh solver have computed, so that no run computes it\n"
    "again. It is one file, [store] path in the flow, or tiles.sqlite in the results folder.\n"
    "\n"
    "Examples:\n"
    "  memspice store list flows/lenet5_fashion.toml\n"
    "  memspice store verify results/lenet5_fashion/tiles.sqlite\n"
    "  memspice store prune results/lenet5_fashion --older-than 30\n"
    "  memspice store export results/lenet5_fashion --out exported";

struct StoreOptions {
  CommonOptions common;
  std::string place;
  std::string older_than;  ///< [days], as typed; empty: any age
  std::string kind;
  bool damaged = false;
  bool all = false;
};

/// The store of a flow, or the path itself.
std::filesystem::path store_path(const StoreOptions& options) {
  const std::filesystem::path place = options.place;
  if (place.extension() != ".toml") return place;
  const config::FlowOptions flow = load_options(options.place, options.common);
  return flow::store_path(flow);
}

tile::Store open(const StoreOptions& options) {
  apply_common(options.common);
  return tile::Store(store_path(options),
                     {.must_exist = true, .lock_timeout = 10.0, .on_warning = {}});
}

/// Layer names may hold any bytes; JSON may not.
void print_json(const Json& json) {
  print(json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
}

std::string count(std::size_t n, const char* what) {
  return report::with_thousands(static_cast<long long>(n)) + ' ' + what + (n == 1 ? "" : "s");
}

/// "1,234 bytes", "5.68 MB"
std::string format_size(double bytes) {
  constexpr double megabyte = 1e6;
  if (bytes >= megabyte) return to_text_rounded(bytes / megabyte, 3) + " MB";
  return report::with_thousands(static_cast<long long>(bytes)) + " bytes";
}

Json to_json(const tile::StoreRow& row) {
  return {{"kind", row.kind},
          {"key", row.key},
          {"version", row.version},
          {"description", row.description},
          {"seconds", row.seconds},
          {"created", tile::format_utc(row.created)},
          {"bytes", row.bytes}};
}

Json to_json(const std::vector<tile::StoreRow>& rows) {
  Json list = Json::array();
  for (const tile::StoreRow& row : rows) list.push_back(to_json(row));
  return list;
}

/// A table of rows, for people.
std::string to_table(const std::vector<tile::StoreRow>& rows) {
  constexpr std::size_t description_width = 40, key_width = 12;
  report::TextTable table({{"kind", report::Align::Left},
                           {"what", report::Align::Left},
                           {"by", report::Align::Left},
                           {"took"},
                           {"bytes"},
                           {"stored", report::Align::Left},
                           {"key", report::Align::Left}});
  for (const tile::StoreRow& row : rows) {
    table.add({row.kind,
               report::shorten(escape_controls(row.description), description_width),
               row.version,
               format_duration(row.seconds),
               report::with_thousands(static_cast<long long>(row.bytes)),
               tile::format_utc(row.created),
               row.key.substr(0, key_width)});
  }
  return table.str();
}

void list(const StoreOptions& options) {
  tile::Store store = open(options);
  const auto rows = store.list();
  double bytes = 0.0, seconds = 0.0;
  for (const tile::StoreRow& row : rows) {
    bytes += static_cast<double>(row.bytes);
    seconds += row.seconds;
  }
  tell(options.common,
       (rows.empty() ? "" : to_table(rows) + '\n') + store.path().string() + ": " +
           count(rows.size(), "result") + ", " + format_size(bytes) + ", which took " +
           format_duration(seconds) + " to compute\n");
  if (options.common.json) {
    print_json({{"store", store.path().string()}, {"results", to_json(rows)}});
  }
}

void verify(const StoreOptions& options) {
  tile::Store store = open(options);
  const tile::StoreCheck check = store.verify();
  if (options.common.json) {
    print_json({{"store", store.path().string()},
                {"checked", check.rows},
                {"damaged", to_json(check.damaged)},
                {"structure", check.structure}});
  }
  if (!check.damaged.empty()) tell(options.common, to_table(check.damaged) + '\n');
  if (!check.structure.empty()) {
    tell(options.common, join(check.structure, "\n") + '\n');
    throw RunError({.place = store.path().string(),
                    .value = {},
                    .rule = "the file is damaged",
                    .remedy = "move it away: what it held can be computed again"});
  }
  if (!check.damaged.empty()) {
    throw RunError({.place = store.path().string(),
                    .value = count(check.damaged.size(), "damaged result"),
                    .rule = "never used: a run computes them again",
                    .remedy = "`memspice store prune STORE --damaged` removes them"});
  }
  tell(options.common,
       store.path().string() + ": " + count(check.rows, "result") + ", all sound\n");
}

/// Refuses a prune that says nothing about what to remove, and one that says it twice.
tile::PruneOptions prune_options(const StoreOptions& options) {
  const bool chosen = !options.older_than.empty() || !options.kind.empty() || options.damaged;
  if (chosen == options.all) {
    throw InputError({.place = "memspice store prune",
                      .value = {},
                      .rule = "needs to know which results: --all, or any of --older-than DAYS, "
                              "--kind KIND and --damaged",
                      .remedy = "see memspice store prune --help"});
  }
  tile::PruneOptions prune;
  if (!options.kind.empty()) prune.kind = options.kind;
  prune.damaged = options.damaged;
  if (options.older_than.empty()) return prune;
  const auto days = parse_double(options.older_than);
  if (!days || !(*days >= 0.0 && *days <= 1e6)) {
    throw InputError({.place = "--older-than",
                      .value = '"' + options.older_than + '"',
                      .rule = "must be a number of days, 0 to 1000000",
                      .remedy = "for example --older-than 30"});
  }
  constexpr double seconds_per_day = 86'400.0;
  prune.older_than = *days * seconds_per_day;
  return prune;
}

void prune(const StoreOptions& options) {
  const tile::PruneOptions what = prune_options(options);
  tile::Store store = open(options);
  const tile::PruneResult result = store.prune(what);
  tell(options.common,
       store.path().string() + ": removed " + count(result.rows, "result") + ", freed " +
           format_size(static_cast<double>(result.bytes_freed)) + '\n');
  if (options.common.json) {
    print_json({{"store", store.path().string()},
                {"removed", result.rows},
                {"bytes_freed", result.bytes_freed}});
  }
}

void export_rows(const StoreOptions& options) {
  if (options.common.out.empty()) {
    throw InputError({.place = "memspice store export",
                      .value = {},
                      .rule = "needs a folder to write to",
                      .remedy = "name it with --out DIR"});
  }
  tile::Store store = open(options);
  const tile::ExportResult result = store.export_to(options.common.out);
  tell(options.common,
       options.common.out + ": " + count(result.rows, "result") + " and index.json\n");
  if (options.common.json) {
    print_json({{"folder", options.common.out},
                {"exported", result.rows},
                {"damaged", to_json(result.damaged)}});
  }
  if (result.damaged.empty()) return;
  tell(options.common, to_table(result.damaged));
  throw RunError({.place = store.path().string(),
                  .value = count(result.damaged.size(), "damaged result"),
                  .rule = "left out of the export",
                  .remedy = "`memspice store prune STORE --damaged` removes them"});
}

/// `out`: what --out is for.
Command store_one(Command command,
                  const std::shared_ptr<StoreOptions>& options,
                  const char* out,
                  void (*run)(const StoreOptions&)) {
  command.run = [options, run] { run(*options); };
  command.add({{"STORE",
                "STORE|FLOW.toml",
                &options->place,
                "Store file, its folder, or the flow that uses it",
                Need::Required}});
  add_trust(command, options->common);
  add_common(command, options->common, out);
  return command;
}

Command pruning_command(const std::shared_ptr<StoreOptions>& options, const char* out) {
  Command command = store_one(
      {.name = "store prune", .text = "Remove results and free their space"}, options, out, prune);
  command.add({
      {"--older-than", "DAYS", &options->older_than, "Only results stored before so many days"},
      {"--kind", "spice|response", &options->kind, "Only results of this kind"},
      {"--damaged", "", &options->damaged, "Only results that fail their checksum"},
      {"--all", "", &options->all, "Every result"},
  });
  return command;
}

}  // namespace

Command store_command() {
  const auto options = std::make_shared<StoreOptions>();
  constexpr const char* of_flow = "Results folder of the flow";
  Command rows = store_one(
      {.name = "store list", .text = "What is stored, and what it took"}, options, of_flow, list);
  Command check =
      store_one({.name = "store verify", .text = "Check every result; exit code 1 on damage"},
                options,
                of_flow,
                verify);
  Command exporting = store_one({.name = "store export", .text = "Write every result as a file"},
                                options,
                                "Folder to write to",
                                export_rows);
  return {.name = "store",
          .text = "List, verify, prune or export stored results",
          .examples = kStoreExamples,
          .commands = {rows, check, pruning_command(options, of_flow), exporting}};
}

}  // namespace memspice::cli
