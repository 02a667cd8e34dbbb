#include "engine/wire_format.hpp"

#include <cstring>

#include "base/error.hpp"

namespace memspice::engine {
namespace {

constexpr std::size_t header_size = sizeof(std::uint32_t) + sizeof(std::uint64_t);
constexpr std::uint64_t largest_body = 1ULL << 34;  // [bytes]; a longer one is a broken header

[[noreturn]] void fail(const char* rule) {
  throw BrokenMessage({.place = "message of a simulator process",
                       .value = {},
                       .rule = rule,
                       .remedy = "check that memspice-worker belongs to this build of memspice"});
}

class Writer {
 public:
  void put_count(std::uint64_t value) { put_bytes(&value, sizeof value); }
  void put_number(double value) { put_bytes(&value, sizeof value); }
  void put_numbers(const double* values, Eigen::Index count) {
    put_bytes(values, static_cast<std::size_t>(count) * sizeof(double));
  }
  void put_matrix(const Eigen::MatrixXd& matrix) {
    put_count(static_cast<std::uint64_t>(matrix.rows()));
    put_count(static_cast<std::uint64_t>(matrix.cols()));
    put_numbers(matrix.data(), matrix.size());
  }
  void put_text(std::string_view text) {
    put_count(text.size());
    bytes_.append(text);
  }
  std::string take() { return std::move(bytes_); }

 private:
  void put_bytes(const void* data, std::size_t size) {
    bytes_.append(static_cast<const char*>(data), size);
  }
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t count() {
    std::uint64_t value = 0;
    std::memcpy(&value, next(sizeof value).data(), sizeof value);
    return value;
  }
  double number() {
    double value = 0.0;
    std::memcpy(&value, next(sizeof value).data(), sizeof value);
    return value;
  }
  std::string text() { return std::string(next(count())); }
  /// How many numbers a list may still hold: a damaged count must not allocate the moon.
  Eigen::Index count_of_numbers() {
    const std::uint64_t value = count();
    if (value > bytes_.size() / sizeof(double)) fail("is cut short");
    return static_cast<Eigen::Index>(value);
  }
  Eigen::MatrixXd matrix() {
    const std::uint64_t rows = count();
    const std::uint64_t columns = count();
    const std::uint64_t left = bytes_.size() / sizeof(double);
    if (rows > left || (rows > 0 && columns > left / rows)) fail("is cut short");
    // Without rows there is nothing to read, whatever the columns say.
    Eigen::MatrixXd values(static_cast<Eigen::Index>(rows),
                           rows == 0 ? 0 : static_cast<Eigen::Index>(columns));
    numbers(values.data(), values.size());
    return values;
  }
  void numbers(double* into, Eigen::Index how_many) {
    const std::size_t size = static_cast<std::size_t>(how_many) * sizeof(double);
    const std::string_view bytes = next(size);
    if (size > 0) std::memcpy(into, bytes.data(), size);
  }

 private:
  std::string_view next(std::uint64_t size) {
    if (size > bytes_.size()) fail("is cut short");
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  std::string_view bytes_;
};

void put_summary(Writer& writer, const Summary& summary) {
  writer.put_count(static_cast<std::uint64_t>(summary.termination));
  writer.put_text(summary.message);
  writer.put_number(summary.seconds);
}

Summary read_summary(Reader& reader) {
  Summary summary;
  const std::uint64_t termination = reader.count();
  if (termination > static_cast<std::uint64_t>(Termination::TimedOut)) fail("names no termination");
  summary.termination = static_cast<Termination>(termination);
  summary.message = reader.text();
  summary.seconds = reader.number();
  return summary;
}

void put_deck(Writer& writer, const netlist::Deck& deck) {
  writer.put_text(deck.title);
  writer.put_text(deck.text);
  writer.put_count(deck.vectors.size());
  for (const std::string& name : deck.vectors) writer.put_text(name);
  writer.put_count(deck.all_nets ? 1 : 0);
  writer.put_count(static_cast<std::uint64_t>(deck.points));
}

netlist::Deck read_deck(Reader& reader) {
  netlist::Deck deck;
  deck.title = reader.text();
  deck.text = reader.text();
  for (std::uint64_t left = reader.count(); left > 0; --left) deck.vectors.push_back(reader.text());
  deck.all_nets = reader.count() != 0;
  deck.points = static_cast<int>(reader.count());
  return deck;
}

}  // namespace

std::string frame(MessageKind kind, std::string_view body) {
  const auto code = static_cast<std::uint32_t>(kind);
  const auto size = static_cast<std::uint64_t>(body.size());
  std::string bytes(header_size, '\0');
  std::memcpy(bytes.data(), &code, sizeof code);
  std::memcpy(bytes.data() + sizeof code, &size, sizeof size);
  bytes += body;
  return bytes;
}

std::optional<Message> take_message(std::string& buffer) {
  if (buffer.size() < header_size) return std::nullopt;
  std::uint32_t code = 0;
  std::uint64_t size = 0;
  std::memcpy(&code, buffer.data(), sizeof code);
  std::memcpy(&size, buffer.data() + sizeof code, sizeof size);
  const bool known = code >= static_cast<std::uint32_t>(MessageKind::Ready) &&
                     code <= static_cast<std::uint32_t>(MessageKind::PinnedResult);
  if (!known || size > largest_body) fail("has no valid header");
  if (buffer.size() - header_size < size) return std::nullopt;
  Message message{static_cast<MessageKind>(code), buffer.substr(header_size, size)};
  buffer.erase(0, header_size + size);
  return message;
}

std::string encode_deck(const netlist::Deck& deck) {
  Writer writer;
  put_deck(writer, deck);
  return writer.take();
}

netlist::Deck decode_deck(std::string_view body) {
  Reader reader(body);
  return read_deck(reader);
}

std::string encode_result(const Result& result) {
  const Waveforms& waveforms = result.waveforms;
  Writer writer;
  writer.put_count(result.session_alive ? 1 : 0);
  put_summary(writer, waveforms.summary);
  writer.put_count(static_cast<std::uint64_t>(waveforms.axis.size()));
  writer.put_numbers(waveforms.axis.data(), waveforms.axis.size());
  writer.put_count(static_cast<std::uint64_t>(waveforms.values.cols()));
  writer.put_numbers(waveforms.values.data(), waveforms.values.size());
  writer.put_count(waveforms.nets.size());
  for (const std::string& net : waveforms.nets) writer.put_text(net);
  return writer.take();
}

Result decode_result(std::string_view body) {
  Reader reader(body);
  Result result;
  result.session_alive = reader.count() != 0;
  Waveforms& waveforms = result.waveforms;
  waveforms.summary = read_summary(reader);
  waveforms.axis.resize(reader.count_of_numbers());
  reader.numbers(waveforms.axis.data(), waveforms.axis.size());
  const Eigen::Index points = waveforms.axis.size();
  const std::uint64_t probes = reader.count();
  if (probes > body.size()) fail("is cut short");
  if (points > 0 && probes > body.size() / static_cast<std::uint64_t>(points)) fail("is cut short");
  waveforms.values.resize(points, static_cast<Eigen::Index>(probes));
  reader.numbers(waveforms.values.data(), waveforms.values.size());
  for (std::uint64_t left = reader.count(); left > 0; --left) {
    waveforms.nets.push_back(reader.text());
  }
  return result;
}

std::string encode_request(const PinnedRequest& request) {
  Writer writer;
  writer.put_count(request.forget.size());
  for (const std::string& key : request.forget) writer.put_text(key);
  writer.put_text(request.deck.key);
  put_deck(writer, request.deck.deck);
  writer.put_matrix(request.V);
  return writer.take();
}

PinnedRequest decode_request(std::string_view body) {
  Reader reader(body);
  PinnedRequest request;
  for (std::uint64_t left = reader.count(); left > 0; --left) {
    request.forget.push_back(reader.text());
  }
  request.deck.key = reader.text();
  request.deck.deck = read_deck(reader);
  request.V = reader.matrix();
  return request;
}

std::string encode_answer(const PinnedAnswer& answer) {
  Writer writer;
  writer.put_count(answer.session_alive ? 1 : 0);
  put_summary(writer, answer.currents.summary);
  writer.put_matrix(answer.currents.I);
  return writer.take();
}

PinnedAnswer decode_answer(std::string_view body) {
  Reader reader(body);
  PinnedAnswer answer;
  answer.session_alive = reader.count() != 0;
  answer.currents.summary = read_summary(reader);
  answer.currents.I = reader.matrix();
  return answer;
}

}  // namespace memspice::engine
