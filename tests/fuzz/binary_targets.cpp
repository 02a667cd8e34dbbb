// Bytes: images, and what travels to and from the workers.

#include "base/files.hpp"
#include "engine/wire_format.hpp"
#include "mutate.hpp"
#include "network/array_file.hpp"
#include "network/dataset.hpp"
#include "network/png_image.hpp"
#include "sample_files.hpp"
#include "target.hpp"

namespace memspice::fuzz {
namespace fs = std::filesystem;
namespace {

/// The counts in the header, or the whole compressed anew.
std::string change_idx(std::string input, RandomStream& random) {
  constexpr std::size_t header = 16;
  if (random.chance(0.3)) return gzip(mutate_bytes(std::move(input), random));
  if (input.size() <= header) return mutate_bytes(std::move(input), random);
  return mutate_bytes(input.substr(0, header), random) + input.substr(header);
}

std::string change_png(std::string input, RandomStream& random) {
  return mend_png(mutate_bytes(std::move(input), random));
}

void read_images(const fs::path& file) {
  network::DatasetOptions options;
  options.folder = file.parent_path();
  options.images = file.filename();
  options.labels = "labels.idx";
  const network::Dataset images = network::load_dataset(options);
  if (images.labels.size() != static_cast<std::size_t>(images.count())) {
    throw Finding("another number of labels than of images was accepted");
  }
}

void read_picture(const fs::path& file) {
  const network::PixelImage image = network::read_png(file, "");
  const std::size_t bytes = static_cast<std::size_t>(image.height) *
                            static_cast<std::size_t>(image.width) *
                            static_cast<std::size_t>(image.channels);
  if (image.pixels.size() != bytes) throw Finding("another number of pixels than height x width");
}

void read_messages(const fs::path& file) {
  std::string buffer = read_file(file);
  while (const auto message = engine::take_message(buffer)) {
    if (message->kind == engine::MessageKind::Job) engine::decode_deck(message->body);
    if (message->kind == engine::MessageKind::Result) engine::decode_result(message->body);
  }
}

std::vector<std::string> sample_messages() {
  const netlist::Deck deck{.title = "a tile",
                           .text = "* deck\nr1 a 0 1\n.end\n",
                           .vectors = {"a", "v_1#branch"},
                           .points = 3};
  engine::Result result;
  result.waveforms.axis = Eigen::VectorXd::LinSpaced(3, 0.0, 2.0);
  result.waveforms.values = Eigen::MatrixXd::Constant(3, 2, 1e-6);
  result.waveforms.summary.message = "done";
  const std::string job = frame(engine::MessageKind::Job, engine::encode_deck(deck));
  const std::string answer = frame(engine::MessageKind::Result, engine::encode_result(result));
  return {job, answer, job + answer, frame(engine::MessageKind::Ready, "ngspice-39")};
}

}  // namespace

Target idx_target() {
  return {.name = "idx",
          .file = "images.idx",
          .seeds = {sample_images(), gzip(sample_images())},
          .own_mutator = change_idx,
          .prepare = [](const fs::path& folder) { write_samples(folder); },
          .run = read_images};
}

Target npy_target() {
  const std::string head = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }   \n";
  return {
      .name = "npy",
      .file = "x.npy",
      .seeds = {std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(head.size()) + '\0' + head +
                    std::string(24, '\x3f'),
                std::string("\x93NUMPY\x02\x00", 8) + static_cast<char>(head.size()) +
                    std::string(3, '\0') + head + std::string(24, '\0')},
      .tokens = {"|O", "|u1", "<f8", "<i8", ">f4", "True", "(6,)", "(1, 2, 3)", "[('a', '<f4')]"},
      .run = [](const fs::path& file) {
        const network::NumberArray array =
            network::read_array_file(file.parent_path(), file.filename().string(), "");
        if (network::element_count(array.shape) != std::ssize(array.values)) {
          throw Finding("another number of values than the shape says");
        }
      }};
}

Target table_target() {
  return {.name = "table",
          .file = "table.csv",
          .seeds = {"label,a,b\n0,1,2\n1,3,-4e1\n", "1;2;\"x; y\"\n3;4;z\n", "1\t2\n"},
          .tokens = {"\"", "\"\"", ",", ";", "nan", "label", "\xef\xbb\xbf", "\r\n"},
          .is_text = true,
          .run = [](const fs::path& file) {
            const network::Dataset rows = network::load_dataset({.kind = "csv",
                                                                 .images = file.filename(),
                                                                 .labels = {},
                                                                 .folder = file.parent_path(),
                                                                 .label_column = "1"});
            if (std::ssize(rows.labels) != rows.count()) throw Finding("a row without a label");
          }};
}

Target png_target() {
  return {.name = "png",
          .file = "0.png",
          .seeds = {sample_png(5, 4, 8, 0, false),
                    sample_png(9, 3, 1, 0, false),
                    sample_png(4, 4, 8, 2, false),
                    sample_png(4, 4, 1, 3, false),
                    sample_png(4, 4, 8, 6, false),
                    sample_png(3, 3, 16, 0, false),
                    sample_png(1, 1, 8, 0, true)},
          .tokens = {"IHDR", "PLTE", "tRNS", "IDAT", "IEND", "gAMA", "acTL", "zTXt", "iCCP"},
          .own_mutator = change_png,
          .run = read_picture};
}

Target wire_target() {
  return {.name = "wire", .file = "message", .seeds = sample_messages(), .run = read_messages};
}

}  // namespace memspice::fuzz
