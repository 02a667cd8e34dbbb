#include "base/files.hpp"

#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "base/child.hpp"
#include "base/error.hpp"

using namespace memspice;
using Catch::Contains;
using memspice::test::in_child;
namespace fs = std::filesystem;

namespace {

std::size_t entries_in(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

/// Gives up root's right to write everywhere; files of others then refuse as they do for users.
void become_nobody() {
  constexpr uid_t kNobody = 65534;
  if (geteuid() == 0 && seteuid(kNobody) != 0) _exit(98);
}

/// 0 when `action` throws an error of type E whose message contains `part`.
template <typename E>
int expect_error(const std::function<void()>& action, const std::string& part) {
  try {
    action();
  } catch (const E& error) {
    return std::string(error.what()).find(part) != std::string::npos ? 0 : 2;
  }
  return 1;
}

}  // namespace

TEST_CASE("write_file and read_file keep every byte", "[base]") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "bytes";
  const std::string bytes("a\0b\r\n\xff", 6);
  write_file(path, bytes);
  CHECK(read_file(path) == bytes);
  write_file(path, "");
  CHECK(read_file(path).empty());
}

TEST_CASE("write_file makes missing folders and leaves nothing beside the file", "[base]") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "a" / "b" / "result.json";
  write_file(path, "first");
  write_file(path, "second");
  CHECK(read_file(path) == "second");
  CHECK(entries_in(path.parent_path()) == 1);
}

TEST_CASE("write_file replaces a file without a moment in which it is half written", "[base]") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "result.json";
  write_file(path, std::string(1 << 20, 'a'));
  std::ifstream reader(path, std::ios::binary);  // opened before, read after the replacement
  write_file(path, "b");
  const std::string seen((std::istreambuf_iterator<char>(reader)),
                         std::istreambuf_iterator<char>());
  CHECK(seen == std::string(1 << 20, 'a'));
  CHECK(read_file(path) == "b");
}

TEST_CASE("write_file on a full disk keeps the old file and leaves no other", "[base]") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "result.json";
  write_file(path, "old");
  // A limit on the file size fails a write part-way, as a full disk does.
  CHECK(in_child([&path] {
          constexpr rlim_t kLimit = 4096;
          const rlimit limit{kLimit, kLimit};
          signal(SIGXFSZ, SIG_IGN);
          if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 3;
          const std::string big(4 * kLimit, 'x');
          return expect_error<RunError>([&] { write_file(path, big); }, path.string());
        }) == 0);
  CHECK(read_file(path) == "old");
  CHECK(entries_in(folder.path()) == 1);
}

TEST_CASE("write_file names the path and the cause when it may not write", "[base]") {
  const TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms{0555});
  const fs::path path = folder.path() / "result.json";
  CHECK(in_child([&path] {
          become_nobody();
          return expect_error<RunError>([&] { write_file(path, "x"); },
                                        path.string() + ": cannot be written: Permission denied");
        }) == 0);
  fs::permissions(folder.path(), fs::perms{0700});
  CHECK(entries_in(folder.path()) == 0);
}

TEST_CASE("write_file refuses a path below a file and a path that is a folder", "[base]") {
  const TemporaryFolder folder;
  write_file(folder.path() / "file", "x");
  CHECK_THROWS_AS(write_file(folder.path() / "file" / "result.json", "y"), RunError);
  CHECK(read_file(folder.path() / "file") == "x");
  fs::create_directory(folder.path() / "folder");
  CHECK_THROWS_WITH(write_file(folder.path() / "folder", "y"), Contains("Is a directory"));
  CHECK(entries_in(folder.path()) == 2);
}

TEST_CASE("read_file says why it cannot read", "[base]") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "big";
  write_file(path, "12345");
  CHECK(read_file(path, 5) == "12345");
  CHECK_THROWS_WITH(read_file(path, 4), Contains("is larger than 4 bytes"));
  CHECK_THROWS_WITH(read_file(folder.path() / "none"), Contains("no such file"));
  CHECK_THROWS_WITH(read_file(folder.path()), Contains("is not a regular file"));
  CHECK_THROWS_AS(read_file(folder.path()), InputError);
}

TEST_CASE("read_file names a file that it may not read", "[base]") {
  const TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms{0755});
  const fs::path path = folder.path() / "secret";
  write_file(path, "x");
  fs::permissions(path, fs::perms{0});
  CHECK(in_child([&path] {
          become_nobody();
          return expect_error<InputError>([&] { read_file(path); }, "Permission denied");
        }) == 0);
}

TEST_CASE("require_writable_folder makes the folder and leaves it empty", "[base]") {
  const TemporaryFolder folder;
  require_writable_folder(folder.path() / "a" / "b");
  CHECK(entries_in(folder.path() / "a" / "b") == 0);
}

TEST_CASE("require_writable_folder refuses a file and a folder it may not write", "[base]") {
  const TemporaryFolder folder;
  write_file(folder.path() / "file", "x");
  CHECK_THROWS_AS(require_writable_folder(folder.path() / "file"), InputError);
  CHECK_THROWS_AS(require_writable_folder(folder.path() / "file" / "below"), InputError);
  fs::permissions(folder.path(), fs::perms{0555});
  CHECK(in_child([&folder] {
          become_nobody();
          return expect_error<InputError>([&] { require_writable_folder(folder.path()); },
                                          "Permission denied");
        }) == 0);
  fs::permissions(folder.path(), fs::perms{0700});
}

TEST_CASE("TemporaryFolder is its own and goes with what it holds", "[base]") {
  fs::path path;
  {
    const TemporaryFolder folder;
    const TemporaryFolder other;
    path = folder.path();
    CHECK(path != other.path());
    write_file(path / "a" / "b", "x");
  }
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("shipped_file looks in MEMSPICE_SHARE first", "[base]") {
  const TemporaryFolder folder;
  write_file(folder.path() / "netlists" / "cell.sub", "x");
  CHECK(in_child([&folder] {
          setenv("MEMSPICE_SHARE", folder.path().c_str(), 1);
          const fs::path found = shipped_file("netlists/cell.sub");
          return found == folder.path() / "netlists" / "cell.sub" ? 0 : 1;
        }) == 0);
}

TEST_CASE("shipped_file falls back to the source tree and says where it looked", "[base]") {
  CHECK(shipped_file("LICENSE") == fs::path(MEMSPICE_ROOT_DIR) / "LICENSE");
  CHECK_THROWS_WITH(shipped_file("netlists/none.sub"),
                    Contains("netlists/none.sub") && Contains(MEMSPICE_ROOT_DIR));
  CHECK_THROWS_AS(shipped_file("netlists/none.sub"), RunError);
}

TEST_CASE("version is major.minor.patch", "[base]") {
  CHECK(std::count(version().begin(), version().end(), '.') == 2);
}
