#pragma once
// libngspice, loaded into this process: its functions, what it says, what it asks and what it
// sends. It keeps its state in globals, so a process holds at most one.

#include <memory>
#include <string>
#include <vector>

#include "engine/simulator_log.hpp"

// ngspice's own (ngspice/sharedspice.h).
struct vecvaluesall;
struct vector_info;

namespace memspice::engine {

/// Gives voltages to External sources and takes each point of a running analysis. No exception may
/// leave either call: they come from C.
class PointObserver {
 public:
  virtual ~PointObserver() = default;
  /// The voltage [V] of the source called `name`; asked at every load of the matrix.
  virtual double voltage(const char* name) noexcept = 0;
  /// The values of one point that was solved.
  virtual void take(const vecvaluesall& point) noexcept = 0;
};

class NgspiceLibrary {
 public:
  /// `path`, or a name for the dynamic linker. Throws RunError when it is no libngspice.
  explicit NgspiceLibrary(const std::string& path);
  /// The library stays loaded: ngspice's own threads and exit handlers may still point into it.
  ~NgspiceLibrary();
  NgspiceLibrary(const NgspiceLibrary&) = delete;
  NgspiceLibrary& operator=(const NgspiceLibrary&) = delete;

  /// Success is known only from the log and from the vectors.
  void run_command(const std::string& text);
  /// Reads a circuit, title first and ".end" last; it becomes the current one.
  void load_circuit(std::vector<std::string> lines);
  /// The current plot's name; empty: there is none.
  std::string plot() const;
  /// Names of a plot's vectors, as ngspice spells them.
  std::vector<std::string> vectors(const std::string& plot) const;
  /// Null where there is no such vector; else valid until the next command.
  const vector_info* vector(const std::string& name) const;

  /// Who gives voltages and takes points from now on; null: nobody.
  void observe_by(PointObserver* observer) noexcept { observer_ = observer; }
  PointObserver* observer() const noexcept { return observer_; }

  SimulatorLog log;
  bool alive = true;  ///< false once it asked to be unloaded

 private:
  struct Functions;
  void load_polynomial_sources();

  std::unique_ptr<Functions> functions_;
  PointObserver* observer_ = nullptr;
};

}  // namespace memspice::engine
