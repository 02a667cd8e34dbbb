#include "network/onnx_external.hpp"

#include <fcntl.h>
#include <onnx/onnx_pb.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>
#include <system_error>

#include "base/error.hpp"
#include "base/is_below.hpp"
#include "base/text.hpp"
#include "network/onnx_constant.hpp"
#include "network/onnx_model.hpp"

namespace memspice::network {
namespace {

namespace fs = std::filesystem;

constexpr const char* kExportWhole =
    "keep the network with all its files in one folder, or export it as one file";

/// Where a tensor says that its bytes lie.
struct Location {
  std::string file;
  std::int64_t offset = 0;
  std::int64_t length = -1;  ///< -1: as many bytes as its shape takes
};

/// One file of weights, open for reading.
class WeightFile {
 public:
  /// Without waiting for a writer, should the name be that of a pipe.
  explicit WeightFile(const fs::path& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)) {
    struct stat status {};
    if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0) return;
    is_regular_ = S_ISREG(status.st_mode);
    size_ = status.st_size;
  }
  ~WeightFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  WeightFile(const WeightFile&) = delete;
  WeightFile& operator=(const WeightFile&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  bool is_regular() const { return is_regular_; }
  std::int64_t size() const { return size_; }

  /// False where bytes from `first` up to `end` belong to another weight already.
  bool claim(std::int64_t first, std::int64_t end) {
    if (first == end) return true;
    const auto after = taken_.upper_bound(first);
    if (after != taken_.end() && after->first < end) return false;
    if (after != taken_.begin() && std::prev(after)->second > first) return false;
    taken_.emplace(first, end);
    return true;
  }

  /// False where the file has become shorter, or cannot be read.
  bool read(std::int64_t offset, std::string& bytes) const {
    for (std::size_t done = 0; done < bytes.size();) {
      const ssize_t n = ::pread(descriptor_,
                                bytes.data() + done,
                                bytes.size() - done,
                                offset + static_cast<std::int64_t>(done));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      done += static_cast<std::size_t>(n);
    }
    return true;
  }

 private:
  int descriptor_;
  bool is_regular_ = false;
  std::int64_t size_ = 0;
  std::map<std::int64_t, std::int64_t> taken_;  ///< first byte -> one past the last
};

class ExternalData {
 public:
  explicit ExternalData(const fs::path& network)
      : network_(network.string()),
        folder_(network.has_parent_path() ? network.parent_path() : fs::path(".")) {}

  void take_in(onnx::TensorProto& tensor) {
    if (tensor.data_location() != onnx::TensorProto::EXTERNAL) return;
    place_ = network_ + ": weight \"" + tensor.name() + "\"";
    const Location location = read_location(tensor);
    WeightFile& file = open(location.file);
    const std::int64_t length = checked_length(tensor, location, file);
    std::string bytes(static_cast<std::size_t>(length), '\0');
    if (!file.read(location.offset, bytes)) {
      refuse(location.file, "changed or failed while it was read", "try again");
    }
    tensor.set_raw_data(std::move(bytes));
    tensor.clear_external_data();
    tensor.clear_data_location();
  }

 private:
  [[noreturn]] void refuse(const std::string& file,
                           const std::string& rule,
                           const std::string& remedy) const {
    reject(place_, "external data \"" + file + "\"", rule, remedy);
  }

  static std::int64_t read_number(const std::string& text) {
    const auto value = parse_integer(text);
    return value && *value >= 0 ? *value : -1;
  }

  Location read_location(const onnx::TensorProto& tensor) const {
    Location location;
    for (const auto& entry : tensor.external_data()) {
      if (entry.key() == "location") location.file = entry.value();
      if (entry.key() != "offset" && entry.key() != "length") continue;
      const std::int64_t value = read_number(entry.value());
      if (value < 0) {
        refuse(location.file,
               entry.key() + " \"" + entry.value() + "\" is no number of bytes",
               "export the network again");
      }
      (entry.key() == "offset" ? location.offset : location.length) = value;
    }
    return location;
  }

  /// Where the named file lies, all links followed: below the network's folder.
  fs::path find(const std::string& name) const {
    const fs::path given = name;
    const bool climbs = std::find(given.begin(), given.end(), "..") != given.end();
    if (name.empty() || given.is_absolute() || climbs || name.find('\0') != std::string::npos) {
      refuse(name, "must be a path below the network's folder", kExportWhole);
    }
    std::error_code ec;
    const fs::path found = fs::canonical(folder_ / given, ec);
    if (ec) refuse(name, "cannot be found beside the network: " + ec.message(), kExportWhole);
    if (!is_below(found, folder_)) {
      refuse(name, "leads out of the network's folder by a link", kExportWhole);
    }
    return found;
  }

  WeightFile& open(const std::string& name) {
    const fs::path path = find(name);
    auto& file = files_[path];
    if (file == nullptr) file = std::make_unique<WeightFile>(path);
    if (!file->is_open()) refuse(name, "cannot be read", "check its permissions");
    if (!file->is_regular()) refuse(name, "is not a regular file", kExportWhole);
    return *file;
  }

  /// Checked against shape and file before memory is taken.
  std::int64_t checked_length(const onnx::TensorProto& tensor,
                              const Location& location,
                              WeightFile& file) {
    const std::int64_t wanted = raw_bytes(tensor, place_);
    if (location.length >= 0 && location.length != wanted) {
      refuse(location.file,
             std::to_string(location.length) + " bytes do not fill the shape, which takes " +
                 std::to_string(wanted),
             "export the network again");
    }
    if (location.offset > file.size() || wanted > file.size() - location.offset) {
      refuse(location.file,
             "ends at byte " + std::to_string(file.size()) + ", before the weight's bytes " +
                 std::to_string(location.offset) + " to " +
                 std::to_string(static_cast<double>(location.offset) + static_cast<double>(wanted)),
             "the file is another network's or cut off: copy or export both again");
    }
    if (!file.claim(location.offset, location.offset + wanted)) {
      refuse(location.file, "holds the bytes of two weights at one place", "export it again");
    }
    total_ += static_cast<std::size_t>(wanted);
    if (total_ > kLargestModel) {
      refuse(location.file, "all weights together take more than 2 GiB", "use a smaller network");
    }
    return wanted;
  }

  std::string network_;
  fs::path folder_;
  std::string place_;  ///< the tensor at hand
  std::size_t total_ = 0;
  std::map<fs::path, std::unique_ptr<WeightFile>> files_;
};

template <typename Nodes>
void take_in_constants(Nodes& nodes, ExternalData& data) {
  for (onnx::NodeProto& node : nodes) {
    for (onnx::AttributeProto& attribute : *node.mutable_attribute()) {
      if (attribute.has_t()) data.take_in(*attribute.mutable_t());
    }
  }
}

}  // namespace

void take_in_external_data(const fs::path& path, onnx::ModelProto& model) {
  ExternalData data(path);
  for (auto& weight : *model.mutable_graph()->mutable_initializer()) data.take_in(weight);
  for (auto& weight : *model.mutable_graph()->mutable_sparse_initializer()) {
    data.take_in(*weight.mutable_values());
    data.take_in(*weight.mutable_indices());
  }
  take_in_constants(*model.mutable_graph()->mutable_node(), data);
  for (auto& function : *model.mutable_functions()) {
    take_in_constants(*function.mutable_node(), data);
  }
}

}  // namespace memspice::network
