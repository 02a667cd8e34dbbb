# Sourced by flows/quickstart and tests/run: the Debian packages that memspice needs, and its build.
# shellcheck disable=SC2034  # the lists are used by the scripts that source this file
# Nothing here runs by itself.

# ---- packages (Debian 12) ------------------------------------------------------------------------
# To build memspice and to run its flows.
build_packages=(
  g++ cmake ninja-build pkg-config    # the compiler and the build
  libngspice0-dev libngspice0 ngspice  # the circuit simulator, its start-up file and code models
  libeigen3-dev                       # matrices, sparse Cholesky
  libopenblas-dev libopenblas0-pthread  # the products under Eigen, kernels for this processor
  libhwy-dev                          # vector kernels for this processor
  libboost-dev libboost-graph-dev     # circuit and layer graphs, random distributions
  libtbb-dev                          # threads
  libkissfft-dev                      # Fourier transforms of the spectral path
  libonnx-dev libprotobuf-dev protobuf-compiler  # trained networks
  libtomlplusplus-dev nlohmann-json3-dev libcli11-dev  # flow files, results, command line
  libsqlitecpp-dev libsqlite3-dev     # the store of characterized tiles
  libssl-dev zlib1g-dev libpng-dev    # hashes of decks, compressed data sets, PNG images
  libzip-dev libturbojpeg0-dev        # NumPy's archives, JPEG images
  dataset-fashion-mnist               # the images that flows/lenet5_fashion.toml classifies
)
# For the tests, on top of these.
test_packages=(
  catch2                              # the test framework
  libonnx-testdata                    # ONNX's own operator cases
  libbenchmark-dev                    # tests/bench
  clang-format                        # the format test
  iverilog yosys                      # simulate and synthesize the emitted Verilog
  pybind11-dev python3-dev python3-numpy  # the Python package
  python3-torch python3-onnx python3-matplotlib  # networks trained for their arrays
)
# To make packages with flows/package, on top of the first ones.
package_packages=(
  pybind11-dev python3-dev python3-numpy  # the Python package
  python3-pip python3-setuptools python3-wheel  # its wheel
  dpkg-dev file                       # Debian packages and what they depend on
)
# To train the shipped networks anew with flows/train/*.py; neither run nor tests need it.
training_packages=(python3-torch python3-onnx python3-pil libopenblas0-pthread dataset-fashion-mnist)

# ---- messages ------------------------------------------------------------------------------------
say() { printf '== %s\n' "$*"; }

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# ---- installing what is missing ------------------------------------------------------------------
# Prints those of the named packages that are not installed, one a line.
missing_packages() {
  local installed
  installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
  local package
  for package in "$@"; do
    grep -qxF "$package installed" <<<"$installed" || printf '%s\n' "$package"
  done | sort -u
}

# Runs a command as root: directly, or through sudo, which may ask for a password on a terminal only.
as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  elif [[ -t 0 ]]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

# Ends with one line that names the packages of which apt knows no version to install.
require_candidates() {
  local package policy unknown=()
  for package in "$@"; do
    policy=$(apt-cache policy "$package" 2>/dev/null)
    [[ $policy == *"  Candidate: "[!\(]* ]] || unknown+=("$package")
  done
  [[ ${#unknown[@]} -eq 0 ]] ||
    fail "apt offers no package ${unknown[*]}; memspice is built on Debian 12 with its main archive"
}

# Installs those of the named packages that are missing; says nothing when all are there.
install_packages() {
  command -v dpkg-query >/dev/null ||
    fail "this is no Debian system; install by hand what ${BASH_SOURCE[0]} lists, then use cmake"
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [[ ${#missing[@]} -gt 0 ]] || return 0
  [[ $EUID -eq 0 ]] || command -v sudo >/dev/null ||
    fail "missing packages; as root run: apt-get install --no-install-recommends ${missing[*]}"
  say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
  local log
  log=$(mktemp)
  apt_get update >"$log" 2>&1 || say "apt-get update failed; using the package lists at hand"
  require_candidates "${missing[@]}"
  apt_get install --no-install-recommends -y "${missing[@]}" >"$log" 2>&1 ||
    fail "apt-get install failed: $(grep -m1 '^[EW]:' "$log" || tail -n1 "$log") (log: $log)"
  rm -f "$log"
}

# ---- building ------------------------------------------------------------------------------------
# configure ROOT BUILD [CMAKE-OPTION...]: configures BUILD, keeping what is there; starts afresh if
# the folder came along from another place.
configure() {
  local root=$1 build=$2
  shift 2
  local options=("$@")
  if [[ ! -f $build/CMakeCache.txt ]]; then
    options+=(-G Ninja)
  elif ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$build/CMakeCache.txt"; then
    options+=(-G Ninja --fresh)
  fi
  say "Configuring ${build#"$root/"}"
  cmake -S "$root" -B "$build" -Wno-dev --log-level=WARNING "${options[@]}" >/dev/null ||
    fail "cmake could not configure $build; its message stands above"
}

# build BUILD [TARGET...]: builds the targets (default: all) on every core.
build() {
  local folder=$1
  shift
  cmake --build "$folder" --parallel "$(nproc)" ${1:+--target "$@"} ||
    fail "the build in $folder failed; the compiler's message stands above"
}
