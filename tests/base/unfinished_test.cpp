#include "base/unfinished.hpp"

#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <thread>

#include "base/child.hpp"
#include "base/files.hpp"
#include "base/interrupt.hpp"
#include "base/temporary_folders.hpp"

using namespace memspice;
using memspice::test::in_child;
namespace fs = std::filesystem;

namespace {

/// The temporary folders of this test alone.
class OwnTemporaries {
 public:
  OwnTemporaries() { ::setenv("TMPDIR", folder_.path().c_str(), 1); }
  ~OwnTemporaries() { ::unsetenv("TMPDIR"); }
  fs::path path() const { return folder_.path(); }
  std::ptrdiff_t count() const {
    const fs::directory_iterator all(folder_.path());
    return std::distance(begin(all), end(all));
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("a temporary folder of a killed process is swept, a living one's is not", "[base]") {
  const OwnTemporaries own;
  CHECK(in_child([] {
          const TemporaryFolder folder;
          write_file(folder.path() / "deep" / "file", "text");
          return ::raise(SIGKILL);
        }) == 128 + SIGKILL);
  CHECK(own.count() == 1);
  const TemporaryFolder living;
  sweep_temporary_folders();
  CHECK(fs::exists(living.path()));
  CHECK(own.count() == 1);
}

TEST_CASE("a sweep takes nothing but memspice's own folders", "[base]") {
  const OwnTemporaries own;
  const fs::path foreign = own.path() / "elsewhere";
  write_file(foreign / "file", "text");
  fs::create_directory(own.path() / "memspice-notes-of-mine");
  write_file(own.path() / "memspice-export" / "deck.cir", "somebody's results");
  write_file(own.path() / "memspice-temporary-abcdef", "a file of that name");
  fs::create_directory_symlink(foreign, own.path() / "memspice-temporary-linked");
  fs::create_directory_symlink(foreign, own.path() / "memspice-temporary-link12");
  fs::create_directory(own.path() / "memspice-temporary-dead12");
  sweep_temporary_folders();
  CHECK(fs::exists(foreign / "file"));
  CHECK(fs::exists(own.path() / "memspice-notes-of-mine"));
  CHECK(fs::exists(own.path() / "memspice-export" / "deck.cir"));
  CHECK(fs::exists(own.path() / "memspice-temporary-abcdef"));
  CHECK(fs::is_symlink(own.path() / "memspice-temporary-link12"));
  CHECK_FALSE(fs::exists(own.path() / "memspice-temporary-dead12"));
}

TEST_CASE("a missing folder for temporaries is no fault of a sweep", "[base]") {
  ::setenv("TMPDIR", "/nowhere/at/all", 1);
  CHECK_NOTHROW(sweep_temporary_folders());
  ::unsetenv("TMPDIR");
}

TEST_CASE("work that looks at no flag ends after a signal, with nothing left", "[base]") {
  for (const int signal : {SIGINT, SIGTERM}) {
    const OwnTemporaries own;
    const auto start = std::chrono::steady_clock::now();
    CHECK(in_child([&] {
            catch_interrupts();
            const TemporaryFolder folder;
            write_file(folder.path() / "file", "text");
            const Unfinished half(own.path() / "half.tmp");
            write_file(own.path() / "half.tmp", "text");
            ::raise(signal);
            for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
            return 0;
          }) == 130);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    // Two seconds are the promise, and the watch waits for 1.2; a busy machine may wake it late.
    CHECK(seconds.count() < 4.0);
    CHECK(own.count() == 0);
  }
}

TEST_CASE("a second signal does not wait, and leaves nothing either", "[base]") {
  const OwnTemporaries own;
  CHECK(in_child([&] {
          catch_interrupts();
          const TemporaryFolder folder;
          ::raise(SIGINT);
          ::raise(SIGTERM);
          return 0;
        }) == 130);
  CHECK(own.count() == 0);
}
