#pragma once
// Small valid files of each kind that memspice reads.

#include <filesystem>
#include <string>
#include <vector>

namespace memspice::fuzz {

std::vector<std::string> sample_networks();  ///< ONNX; the first takes 1 x 8 x 8 to 3 classes
/// One of them keeps a weight of 64 bytes in a file of this name beside it.
inline constexpr const char* kWeightFile = "weights.bin";
std::string sample_images();  ///< IDX, 6 images of 8 x 8
std::string sample_labels();  ///< IDX, 6 labels below 3
std::string gzip(const std::string& bytes);
/// 8 bits a channel unless `depth` says otherwise; `colour` as PNG counts it: 0 grey, 2 RGB,
/// 3 palette, 4 and 6 with transparency.
std::string sample_png(int width, int height, int depth, int colour, bool interlaced);
/// PNG chunks with the checksums that their bytes have; what is no chunk stays as it is.
std::string mend_png(std::string bytes);
/// A flow over net.onnx, images.idx and labels.idx beside it, with small tiles.
std::string sample_flow();
/// A subcircuit with a state, and its card.
std::string sample_subcircuit();
std::string sample_card();
/// net.onnx, images.idx and labels.idx in `folder`.
void write_samples(const std::filesystem::path& folder);
/// Without the sync to disk of write_file: thousands are written.
void write_quickly(const std::filesystem::path& path, const std::string& bytes);
/// All shipped files below `folder` with this extension, as texts.
std::vector<std::string> shipped_texts(const std::string& folder, const std::string& extension);

}  // namespace memspice::fuzz
