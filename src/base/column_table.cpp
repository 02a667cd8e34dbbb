#include "base/column_table.hpp"

#include <algorithm>

#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "base/visible_text.hpp"

namespace memspice {
namespace {

/// The text with its heading turned into a comment, so that only numbers are left.
struct Headed {
  std::string numbers = {};
  std::string headings = {};
  std::size_t heading_line = 0;         // 0: the caller's
  std::vector<std::size_t> lines = {};  // of the rows of numbers
};

/// Name and unit of "voltage [mV]", "voltage (mV)", "voltage/mV"; no unit where none is set off.
struct Heading {
  std::string name, unit;
};

bool is_all_numbers(std::string_view row) {
  const auto fields = split(row, ',');
  return std::all_of(fields.begin(), fields.end(), [](const std::string& field) {
    return parse_double(field).has_value();
  });
}

Headed split_headings(std::string_view text, std::string_view given) {
  Headed headed{.headings = std::string(given)};
  bool is_headed = !given.empty();
  std::size_t number = 0;
  for (std::string_view rest = without_byte_order_mark(text); !rest.empty();) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    ++number;
    const std::string_view row = trim(line.substr(0, line.find('#')));
    const bool is_heading = !row.empty() && !is_headed && !is_all_numbers(row);
    const bool is_comment = row.empty() && line.find('#') != std::string_view::npos;
    if (is_heading || (is_comment && !is_headed && headed.lines.empty())) {
      headed.headings = is_heading ? row : trim(line.substr(line.find('#') + 1));
      headed.heading_line = number;
    }
    if (!row.empty() && !is_heading) headed.lines.push_back(number);
    is_headed = is_headed || !row.empty();
    headed.numbers += (is_heading ? "#" : "") + std::string(line) + '\n';
  }
  return headed;
}

std::string canonical(std::string_view name) {
  std::string text = to_lower(trim(name));
  std::replace(text.begin(), text.end(), ' ', '_');
  std::replace(text.begin(), text.end(), '-', '_');
  return text;
}

Heading set_off(std::string_view text) {
  const std::string_view all = trim(text);
  for (const std::string_view brackets : {"()", "[]"}) {
    const std::size_t open = all.rfind(brackets[0]);
    if (all.ends_with(brackets[1]) && open != std::string_view::npos) {
      return {canonical(all.substr(0, open)),
              std::string(trim(all.substr(open + 1, all.size() - open - 2)))};
    }
  }
  const std::size_t slash = all.rfind('/');
  if (slash == std::string_view::npos) return {canonical(all), {}};
  return {canonical(all.substr(0, slash)), std::string(trim(all.substr(slash + 1)))};
}

const ColumnKind* find_kind(const std::vector<ColumnKind>& kinds, const std::string& name) {
  for (const ColumnKind& kind : kinds) {
    const auto& also = kind.synonyms;
    if (kind.name == name || std::find(also.begin(), also.end(), name) != also.end()) return &kind;
  }
  return nullptr;
}

/// A kind and its unit as text; none for a heading that names no kind.
struct Named {
  const ColumnKind* kind = nullptr;
  std::string unit;
};

/// "voltage_mv" says its unit behind the last underscore, "target_conductance" has none.
Named name_of_heading(const std::vector<ColumnKind>& kinds, const std::string& heading) {
  const Heading parts = set_off(heading);
  if (const ColumnKind* kind = find_kind(kinds, parts.name)) return {kind, parts.unit};
  const std::size_t at = parts.name.rfind('_');
  if (!parts.unit.empty() || at == std::string::npos) return {};
  const std::string written(trim(heading));
  return {find_kind(kinds, parts.name.substr(0, at)),
          written.substr(written.size() - parts.name.size() + at + 1)};
}

/// "uS" also where it was written "us": what is in lower case is no other unit of the same kind.
double factor_of_unit(const Named& column, const std::string& place) {
  std::string unit = column.unit;
  const std::string wanted(symbol(column.kind->unit));
  if (to_lower(unit).ends_with(to_lower(wanted))) {
    unit.replace(unit.size() - wanted.size(), wanted.size(), wanted);
  }
  return unit.empty() ? 1.0 : parse_quantity("1 " + unit, column.kind->unit, place);
}

double factor_of_column(const Named& column, const std::string& place, const std::string& heading) {
  const bool is_number = column.kind->unit == Unit::None;
  const std::string wanted(symbol(column.kind->unit));
  const std::string name = column.kind->name;
  try {
    if (is_number == column.unit.empty()) return factor_of_unit(column, place);
  } catch (const InputError&) {
  }
  reject(place,
         in_quotes(heading),
         is_number ? "is a plain number and has no unit"
                   : (column.unit.empty() ? "names no unit" : "names no unit of a " + name),
         is_number ? "write \"" + name + '"'
                   : "write \"" + name + '_' + wanted + "\", or \"" + name + " [" + wanted + "]\"");
}

}  // namespace

ColumnTable::ColumnTable(std::string_view text,
                         std::string place,
                         const std::vector<ColumnKind>& kinds,
                         std::string_view headings)
    : place_(std::move(place)) {
  const Headed headed = split_headings(text, headings);
  const Eigen::MatrixXd values = parse_csv(headed.numbers, place_);
  lines_ = headed.lines;
  headings_ = split(headed.headings, ',');
  const std::string line =
      headed.heading_line == 0 ? place_ : place_ + ':' + std::to_string(headed.heading_line);
  if (std::ssize(headings_) != values.cols()) {
    reject(line,
           std::to_string(headed.headings.empty() ? 0 : headings_.size()) + " headings",
           "must be one for each of the " + std::to_string(values.cols()) + " columns",
           "begin with a line such as \"voltage_V,current_A\"");
  }
  for (Eigen::Index c = 0; c < values.cols(); ++c) {
    const std::string& heading = headings_[static_cast<std::size_t>(c)];
    const Named column = name_of_heading(kinds, heading);
    if (column.kind == nullptr) {
      unused_.push_back(std::string(trim(heading)));
      continue;
    }
    const std::string at = line + ": column " + std::to_string(c + 1);
    const double factor = factor_of_column(column, at, heading);
    if (!columns_.emplace(column.kind->name, factor * values.col(c)).second) {
      reject(at, in_quotes(heading), "is the second " + column.kind->name, "remove one of them");
    }
  }
}

std::string ColumnTable::place_of(Eigen::Index row) const {
  return place_ + ':' + std::to_string(lines_[static_cast<std::size_t>(row)]);
}

ColumnTable read_columns(const std::filesystem::path& path,
                         const std::vector<ColumnKind>& kinds,
                         std::string_view headings) {
  return {read_file(path), path.string(), kinds, headings};
}

}  // namespace memspice
