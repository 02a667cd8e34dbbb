#pragma once
// libngspice, loaded into this process: its functions, what it says, what it asks and what it
// sends. It keeps its state in globals, so a process holds at most one.

#include <ngspice/sharedspice.h>

#include <string>
#include <vector>

#include "engine/simulator_log.hpp"

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
  NgspiceLibrary(const NgspiceLibrary&) = delete;
  NgspiceLibrary& operator=(const NgspiceLibrary&) = delete;

  /// Success is known only from the log and from the vectors.
  void run_command(const std::string& text);
  /// Reads a circuit, title first and ".end" last; it becomes the current one.
  void load_circuit(std::vector<std::string> lines);
  /// Who gives voltages and takes points from now on; null: nobody.
  void observe_by(PointObserver* observer) noexcept { observer_ = observer; }

  decltype(&ngSpice_CurPlot) current_plot = nullptr;
  decltype(&ngSpice_AllVecs) vectors = nullptr;
  decltype(&ngGet_Vec_Info) vector = nullptr;
  SimulatorLog log;
  bool alive = true;  ///< false once it asked to be unloaded

 private:
  void load_polynomial_sources();
  void connect();

  static int on_message(char* text, int, void* self);
  static int on_exit(int, NG_BOOL, NG_BOOL, int, void* self);
  static int on_status(char*, int, void*) { return 0; }
  static int on_data(pvecvaluesall point, int, int, void* self);
  static int on_vectors(pvecinfoall, int, void*) { return 0; }
  static int on_thread(NG_BOOL, int, void*) { return 0; }
  static int on_voltage(double* voltage, double, char* name, int, void* self);

  decltype(&ngSpice_Init) init_ = nullptr;
  decltype(&ngSpice_Init_Sync) init_sync_ = nullptr;
  decltype(&ngSpice_Command) command_ = nullptr;
  decltype(&ngSpice_Circ) circuit_ = nullptr;
  PointObserver* observer_ = nullptr;
};

}  // namespace memspice::engine
