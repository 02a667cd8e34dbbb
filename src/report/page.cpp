#include "report/page.hpp"

#include "report/plots.hpp"

namespace memspice::report {
namespace {

// The policy forbids every request; styles are inline.
constexpr const char* kHead = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root { color-scheme: light; }
body { margin: 0; background: #f5f6f8; color: #1d2733; font: 16px/1.5 "DejaVu Sans", system-ui, sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 36px 20px 60px; }
h1 { font-size: 28px; margin: 0; }
h2 { font-size: 19px; margin: 0 0 4px; }
p { margin: 4px 0 12px; color: #52606d; }
section { background: #fff; border: 1px solid #e1e5ea; border-radius: 10px; padding: 20px 24px; margin: 18px 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 14px; margin: 22px 0; }
.figure { background: #fff; border: 1px solid #e1e5ea; border-radius: 10px; padding: 12px 16px; }
.figure b { display: block; font-size: 23px; white-space: nowrap; }
.figure span { color: #52606d; font-size: 13px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: right; padding: 5px 10px; border-bottom: 1px solid #edf0f3; white-space: nowrap; }
th { color: #52606d; font-weight: 600; }
th:first-child, td:first-child, .left { text-align: left; }
.pairs th { white-space: normal; vertical-align: bottom; }
.pairs th, .pairs td { padding: 5px; font-size: 12.5px; }
.pairs small { display: block; color: #7b8794; font-size: 11.5px; }
td.wrap { white-space: normal; text-align: left; }
.scroll { overflow-x: auto; }
svg { width: 100%; height: auto; display: block; font: 14px "DejaVu Sans", system-ui, sans-serif; }
.grid { stroke: #e4e8ec; stroke-width: 1; }
.path { stroke: #9db3cc; stroke-width: 3; }
.band { fill: #dbe6f4; }
.whisker { stroke: #7b93ad; stroke-width: 2; }
.warning { border-color: #d9903a; background: #fff6ea; }
.dot { fill: #3f6fb0; stroke: #fff; stroke-width: 2; }
.tick { fill: #7b8794; font-size: 12px; }
.name { fill: #1d2733; }
.value { fill: #1d2733; font-weight: 600; white-space: pre; stroke: #fff; stroke-width: 5; paint-order: stroke; }
.small { fill: #52606d; font-size: 11.5px; }
.key { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin: 0 6px 0 14px; }
footer { color: #7b8794; font-size: 13px; }
</style>
)";

}  // namespace

std::string html_page(const std::string& title, const std::string& body) {
  return kHead + ("<title>" + escape_html(title) + " - memspice</title>\n</head>\n<body><main>\n") +
         body +
         "<footer>Written by memspice. Every figure stands beside its error against SPICE where "
         "SPICE was run.</footer>\n</main></body>\n</html>\n";
}

}  // namespace memspice::report
