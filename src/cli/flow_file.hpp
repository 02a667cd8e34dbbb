#pragma once

#include <filesystem>
#include <string>

namespace memspice::cli {

/// The flow file that a person means: the path as typed, else the shipped flow of that name, with
/// or without "flows/" and ".toml". Throws InputError that says where the shipped ones lie.
std::filesystem::path find_flow(const std::string& typed);

/// Where the shipped flows lie, for --help; empty when there are none.
std::string shipped_flows_folder();

}  // namespace memspice::cli
