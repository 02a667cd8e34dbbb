#pragma once
// Flow files come from others as well: by itself a file may make memspice read data, and neither
// run code nor write outside its own folder.

#include "config/flow_options.hpp"
#include "config/read_variants.hpp"
#include "config/toml_document.hpp"

namespace memspice::config {

/// Whose word a flow file is.
enum class Trust {
  Stranger,  ///< anybody's
  User,      ///< the user's own (--trust): as good as what stands on the command line
};

/// load_flow of a file that is trusted so far: without Trust::User a [spice] library other than
/// the default, and a [store] path that leaves the flow's folder, are refused unless --set gives
/// them.
FlowOptions load_flow(const std::filesystem::path& file,
                      const Overrides& overrides,
                      const std::string& variant,
                      Trust trust);
VariantFlow load_variants(const std::filesystem::path& file,
                          const Overrides& overrides,
                          Trust trust);

/// Refuses [spice] library where the file, not the command line, names code to be loaded.
void require_trusted_library(const TomlDocument& flow, Trust trust);

/// Refuses a file's [store] path, `path` when resolved, that leaves the flow's folder, be it by
/// links.
void require_trusted_store(const TomlDocument& flow,
                           const std::filesystem::path& path,
                           Trust trust);

}  // namespace memspice::config
