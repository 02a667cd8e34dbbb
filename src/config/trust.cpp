#include "config/trust.hpp"

#include <algorithm>

#include "base/is_below.hpp"

namespace memspice::config {
namespace {

namespace fs = std::filesystem;

/// What stands in the file itself; null when it is absent, typed, or the user's own word.
const Entry* foreign_entry(const TomlDocument& flow,
                           const std::string& table,
                           const std::string& key,
                           Trust trust) {
  const Entry* entry = flow.peek(table, key);
  const bool is_foreign = entry != nullptr && !entry->is_override && trust != Trust::User;
  return is_foreign ? entry : nullptr;
}

}  // namespace

void require_trusted_library(const TomlDocument& flow, Trust trust) {
  const Entry* entry = foreign_entry(flow, "spice", "library", trust);
  if (entry == nullptr) return;
  const auto* name = std::get_if<std::string>(&entry->value);
  if (name == nullptr || *name == engine::Options().library) return;
  flow.reject("spice",
              "library",
              {.place = {},
               .value = {},
               .rule = "a flow file may not name code that memspice loads",
               .remedy = "give it with --set spice.library=..., in the environment variable "
                         "MEMSPICE_NGSPICE, or vouch for the whole file with --trust"});
}

void require_trusted_store(const TomlDocument& flow, const fs::path& path, Trust trust) {
  if (foreign_entry(flow, "store", "path", trust) == nullptr) return;
  const fs::path folder = flow.file().has_parent_path() ? flow.file().parent_path() : ".";
  if (is_below(path, folder)) return;
  flow.reject("store",
              "path",
              {.place = {},
               .value = {},
               .rule = "a flow file may write below its own folder only",
               .remedy = "leave the key out (the store then lies in the output folder), give it "
                         "with --set store.path=..., or vouch for the whole file with --trust"});
}

FlowOptions load_flow(const fs::path& file,
                      const Overrides& overrides,
                      const std::string& variant) {
  return load_flow(file, overrides, variant, Trust::Stranger);
}

VariantFlow load_variants(const fs::path& file, const Overrides& overrides) {
  return load_variants(file, overrides, Trust::Stranger);
}

}  // namespace memspice::config
