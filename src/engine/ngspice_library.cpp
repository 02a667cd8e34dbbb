#include "engine/ngspice_library.hpp"

#include <dlfcn.h>
#include <ngspice/sharedspice.h>

#include <filesystem>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::engine {
namespace {

/// KLU came with ngspice 42; older ones would complain about the option.
constexpr double first_version_with_klu = 42.0;

[[noreturn]] void fail_to_load(const std::string& library, const std::string& cause) {
  throw RunError({.place = library,
                  .value = {},
                  .rule = "cannot be loaded as the ngspice library: " + cause,
                  .remedy = "install the package libngspice0 or set `library` under [spice] to "
                            "the path of libngspice.so"});
}

// What ngspice calls. `self` is the library that was initialised.
NgspiceLibrary& library(void* self) {
  return *static_cast<NgspiceLibrary*>(self);
}

int on_message(char* text, int, void* self) {
  if (text != nullptr) library(self).log.add(text);
  return 0;
}

int on_exit(int, NG_BOOL, NG_BOOL, int, void* self) {
  library(self).alive = false;
  return 0;
}

int on_data(pvecvaluesall point, int, int, void* self) {
  PointObserver* observer = library(self).observer();
  if (observer != nullptr && point != nullptr) observer->take(*point);
  return 0;
}

int on_voltage(double* voltage, double, char* name, int, void* self) {
  PointObserver* observer = library(self).observer();
  *voltage = observer == nullptr ? 0.0 : observer->voltage(name);
  return 0;
}

int on_status(char*, int, void*) {
  return 0;
}

int on_vectors(pvecinfoall, int, void*) {
  return 0;
}

int on_thread(NG_BOOL, int, void*) {
  return 0;
}

}  // namespace

struct NgspiceLibrary::Functions {
  decltype(&ngSpice_Init) init = nullptr;
  decltype(&ngSpice_Init_Sync) init_sync = nullptr;
  decltype(&ngSpice_Command) command = nullptr;
  decltype(&ngSpice_Circ) circuit = nullptr;
  decltype(&ngSpice_CurPlot) plot = nullptr;
  decltype(&ngSpice_AllVecs) vectors = nullptr;
  decltype(&ngGet_Vec_Info) vector = nullptr;
};

NgspiceLibrary::NgspiceLibrary(const std::string& path)
    : functions_(std::make_unique<Functions>()) {
  void* handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) fail_to_load(path, ::dlerror());
  const auto bind = [&](auto& function, const char* name) {
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(handle, name));
    if (function == nullptr) fail_to_load(path, std::string("it has no ") + name);
  };
  bind(functions_->init, "ngSpice_Init");
  bind(functions_->init_sync, "ngSpice_Init_Sync");
  bind(functions_->command, "ngSpice_Command");
  bind(functions_->circuit, "ngSpice_Circ");
  bind(functions_->plot, "ngSpice_CurPlot");
  bind(functions_->vectors, "ngSpice_AllVecs");
  bind(functions_->vector, "ngGet_Vec_Info");
  // Newer libraries can be told not to look for a user's .spiceinit at all.
  using NoInitFile = int (*)();
  if (void* skip = ::dlsym(handle, "ngSpice_nospiceinit")) reinterpret_cast<NoInitFile>(skip)();
  functions_->init(on_message, on_status, on_exit, on_data, on_vectors, on_thread, this);
  functions_->init_sync(on_voltage, nullptr, nullptr, nullptr, this);
  if (!alive) fail_to_load(path, "it asked to be unloaded when it was initialised");
  load_polynomial_sources();
}

NgspiceLibrary::~NgspiceLibrary() = default;

/// POLY(n) of the controlled sources, common in op-amp models, is a code model of its own in
/// ngspice: the only one loaded, since others read files. Without it such a deck is rejected.
void NgspiceLibrary::load_polynomial_sources() {
  Dl_info place{};
  if (::dladdr(reinterpret_cast<const void*>(functions_->command), &place) == 0) return;
  const auto file =
      std::filesystem::path(place.dli_fname).parent_path() / "ngspice" / "spice2poly.cm";
  const bool plain = file.string().find_first_not_of(
                         "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-") ==
                     std::string::npos;
  std::error_code ec;
  if (plain && std::filesystem::exists(file, ec)) run_command("codemodel " + file.string());
}

void NgspiceLibrary::run_command(const std::string& text) {
  std::string copy = text;  // the interface takes char*, and ngspice writes into it
  functions_->command(copy.data());
}

void NgspiceLibrary::load_circuit(std::vector<std::string> lines) {
  if (parse_double(log.version()).value_or(0.0) >= first_version_with_klu) {
    lines.insert(lines.end() - 1, ".options klu");
  }
  std::vector<char*> pointers;
  for (std::string& line : lines) pointers.push_back(line.data());
  pointers.push_back(nullptr);
  functions_->circuit(pointers.data());
}

std::string NgspiceLibrary::plot() const {
  const char* name = functions_->plot();
  return name == nullptr ? std::string() : name;
}

std::vector<std::string> NgspiceLibrary::vectors(const std::string& plot) const {
  std::string copy = plot;
  std::vector<std::string> names;
  char** listed = functions_->vectors(copy.data());
  for (; listed != nullptr && *listed != nullptr; ++listed) names.emplace_back(*listed);
  return names;
}

const vector_info* NgspiceLibrary::vector(const std::string& name) const {
  std::string copy = name;
  return functions_->vector(copy.data());
}

}  // namespace memspice::engine
