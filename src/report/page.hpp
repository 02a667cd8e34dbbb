#pragma once

#include <string>

namespace memspice::report {

/// A whole page with memspice's style that loads nothing; `title` is escaped, `body` is HTML.
std::string html_page(const std::string& title, const std::string& body);

}  // namespace memspice::report
