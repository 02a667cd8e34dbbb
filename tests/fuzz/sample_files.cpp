#include "sample_files.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <stdexcept>

#include "base/files.hpp"

namespace memspice::fuzz {
namespace fs = std::filesystem;
namespace {

constexpr int kImages = 6, kSide = 8, kClasses = 3;

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
  return bytes;
}

std::uint32_t from_big_endian(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t k = at; k < at + 4; ++k) {
    value = value << 8 | static_cast<unsigned char>(bytes[k]);
  }
  return value;
}

std::uint32_t checksum(const std::string& bytes) {
  return static_cast<std::uint32_t>(
      ::crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

std::string chunk(const std::string& type, const std::string& data) {
  return big_endian(static_cast<std::uint32_t>(data.size())) + type + data +
         big_endian(checksum(type + data));
}

/// window_bits as zlib counts them: 15, or 31 for gzip.
std::string deflated(const std::string& bytes, int window_bits) {
  z_stream stream{};
  ::deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(::deflateBound(&stream, bytes.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  ::deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  ::deflateEnd(&stream);
  return out;
}

}  // namespace

std::string gzip(const std::string& bytes) {
  constexpr int kGzip = 31;
  return deflated(bytes, kGzip);
}

std::string sample_images() {
  std::string bytes("\0\0\x08\x03", 4);
  for (const int n : {kImages, kSide, kSide}) bytes += big_endian(static_cast<std::uint32_t>(n));
  for (int k = 0; k < kImages * kSide * kSide; ++k) bytes += static_cast<char>(37 * k % 256);
  return bytes;
}

std::string sample_labels() {
  std::string bytes("\0\0\x08\x01", 4);
  bytes += big_endian(kImages);
  for (int k = 0; k < kImages; ++k) bytes += static_cast<char>(k % kClasses);
  return bytes;
}

std::string sample_png(int width, int height, int depth, int colour, bool interlaced) {
  const int channels = colour == 2 ? 3 : colour == 4 ? 2 : colour == 6 ? 4 : 1;
  // Rows without interlacing; an interlaced image of one row and column has the same bytes.
  const int row_bytes = (width * channels * depth + 7) / 8;
  std::string rows;
  for (int y = 0; y < height; ++y) {
    rows += static_cast<char>(y % 5);  // each of PNG's filters
    for (int x = 0; x < row_bytes; ++x) rows += static_cast<char>(11 * x + 3 * y);
  }
  std::string header = big_endian(static_cast<std::uint32_t>(width)) +
                       big_endian(static_cast<std::uint32_t>(height));
  header += static_cast<char>(depth);
  header += static_cast<char>(colour);
  header += std::string(2, '\0');
  header += static_cast<char>(interlaced ? 1 : 0);
  std::string bytes = "\x89PNG\r\n\x1a\n" + chunk("IHDR", header);
  if (colour == 3) bytes += chunk("PLTE", std::string("\0\0\0\xff\xff\xff", 6));
  return bytes + chunk("IDAT", deflated(rows, 15)) + chunk("IEND", "");
}

std::string mend_png(std::string bytes) {
  std::size_t at = 8;
  while (at + 12 <= bytes.size()) {
    const std::size_t size = from_big_endian(bytes, at);
    if (size > bytes.size() - at - 12) break;
    const std::string sum = big_endian(checksum(bytes.substr(at + 4, size + 4)));
    bytes.replace(at + 8 + size, 4, sum);
    at += 12 + size;
  }
  return bytes;
}

std::string sample_flow() {
  return R"(seed = 1
[network]
file = "net.onnx"
[data]
kind = "idx"
images = "images.idx"
labels = "labels.idx"
calibration_images = "calibration.idx"
calibration_labels = "labels.idx"
[device]
g_min = "2 uS"
g_max = "50 uS"
levels = 32
alpha = "2.5 1/V"
[array]
wire = "1 Ohm"
driver = "100 Ohm"
sense = 10
read_voltage = "0.2 V"
[mapping]
rows = 16
columns = 8
scheme = "im2col"
[converters]
dac_bits = 6
adc_bits = 8
adc_range = "full_scale"
[characterize]
tiles = 1
vectors = 8
held_out = 2
[fidelity]
default = "mesh"
[nonideality.device_to_device]
sigma = 0.05
[monte_carlo]
samples = 2
)";
}

std::string sample_subcircuit() {
  return R"(* a state that drifts with the voltage
.subckt drifting p n x params: g_off=2e-6 g_on=50e-6 v_c=0.5 k=1e-10 v_s=0.05 x_init=0.1 edge=0.05
.func fade(u) {min((u),1)*(2-min((u),1))}
.func speed(u) {{(1e-8*k)}*sinh(min(max((u)/{v_s},-40),40))}
bdevice p n i = ({g_off}+{(g_on-g_off)}*v(x))*{v_c}
+ *sinh(min(max(v(p,n)/{v_c},-40),40))
bstate 0 x i = v(p,n) > 0 ? speed(v(p,n))*fade((1-v(x))/{edge}) : speed(v(p,n))*fade(v(x)/{edge})
cstate x below 1e-8 ic={1+x_init}
rhold x hold 1e12 ; the state's way to ground
vhold hold 0 {x_init}
vbelow below 0 -1
.ends drifting
)";
}

std::string sample_card() {
  std::string card = "model = \"drifting\"\nname = \"card\"\ndescription = \"sample\"\n";
  for (const char* table : {"[g_off]\nvalue = \"2 uS\"\nunit = \"S\"\n",
                            "[g_on]\nvalue = \"50 uS\"\nunit = \"S\"\nlow = \"1 pS\"\n",
                            "[v_s]\nvalue = 0.05\nhigh = 1\n",
                            "[x_init]\nvalue = 0.1\nlow = 0\nhigh = 1\nmeaning = \"state\"\n"}) {
    card += std::string("\n") + table + "source = \"sample\"\n";
  }
  return card +
         "\n[read]\nparameter = \"x_init\"\nat_0 = \"2 uS\"\nat_1 = \"50 uS\"\n"
         "g_min = \"2 uS\"\ng_max = \"50 uS\"\nlevels = 32\nalpha = \"2 1/V\"\n"
         "source = \"sample\"\n";
}

void write_quickly(const fs::path& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << bytes;
  if (!file.flush()) throw std::runtime_error(path.string() + " cannot be written");
}

void write_samples(const fs::path& folder) {
  write_quickly(folder / "net.onnx", sample_networks().front());
  write_quickly(folder / "images.idx", sample_images());
  std::string others = sample_images();
  std::reverse(others.begin() + 16, others.end());
  write_quickly(folder / "calibration.idx", others);
  write_quickly(folder / "labels.idx", sample_labels());
}

std::vector<std::string> shipped_texts(const std::string& folder, const std::string& extension) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(shipped_file(folder))) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> texts;
  for (const fs::path& file : files) texts.push_back(read_file(file));
  return texts;
}

}  // namespace memspice::fuzz
