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
:root { color-scheme: light dark; --page: #f5f6f8; --card: #fff; --text: #1d2733; --soft: #52606d;
  --faint: #7b8794; --edge: #e1e5ea; --rule: #edf0f3; --grid: #e4e8ec; --path: #9db3cc; --band: #dbe6f4;
  --whisker: #7b93ad; --warn: #fff6ea; --plain: #3f6fb0; --ideal: #a9b4c0; --mesh: #e3a23a;
  --calibrated: #1f7a5c; --exact: #0f4d7a; --first: #1f7a5c; --second: #e3a23a; }
@media screen and (prefers-color-scheme: dark) { :root { --page: #14181d; --card: #1d232a; --text: #e6ebf0;
  --soft: #a8b4c0; --faint: #8593a1; --edge: #333c46; --rule: #2a323b; --grid: #323b45; --path: #55708f;
  --band: #27384c; --whisker: #8aa5c2; --warn: #3a2d1a; --plain: #6f9fe0; --ideal: #8b97a4; --mesh: #e9b45c;
  --calibrated: #46b18c; --exact: #6fb6ee; --first: #46b18c; --second: #e9b45c; } }
@media print { body { background: none; } section { break-inside: avoid; border: none; } }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 "DejaVu Sans", system-ui, sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 36px 20px 60px; }
h1 { font-size: 28px; margin: 0; }
h2 { font-size: 19px; margin: 0 0 4px; }
p { margin: 4px 0 12px; color: var(--soft); }
section { background: var(--card); border: 1px solid var(--edge); border-radius: 10px; padding: 20px 24px; margin: 18px 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 14px; margin: 22px 0; }
.figure { background: var(--card); border: 1px solid var(--edge); border-radius: 10px; padding: 12px 16px; }
.figure b { display: block; font-size: 23px; white-space: nowrap; }
.figure span { color: var(--soft); font-size: 13px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: right; padding: 5px 10px; border-bottom: 1px solid var(--rule); white-space: nowrap; }
th { color: var(--soft); font-weight: 600; }
th:first-child, td:first-child, .left { text-align: left; }
.pairs th { white-space: normal; vertical-align: bottom; }
.pairs th, .pairs td { padding: 5px; font-size: 12.5px; }
.pairs small { display: block; color: var(--faint); font-size: 11.5px; }
td.wrap { white-space: normal; text-align: left; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
.scroll:has(table) + .scroll { margin-top: 18px; }
svg { width: 100%; height: auto; display: block; font: 14px "DejaVu Sans", system-ui, sans-serif; }
.maps { display: grid; grid-template-columns: repeat(auto-fit, minmax(270px, 1fr)); gap: 10px; }
.maps > :only-child { max-width: 720px; }
.grid { stroke: var(--grid); stroke-width: 1; }
.path { stroke: var(--path); stroke-width: 3; }
.band { fill: var(--band); }
.whisker { stroke: var(--whisker); stroke-width: 2; }
.warning { border-color: #d9903a; background: var(--warn); }
.dot { fill: var(--plain); stroke: var(--card); stroke-width: 2; }
.dot.tone-first, .label.tone-first { fill: var(--first); }
.dot.tone-second, .label.tone-second { fill: var(--second); }
.path.tone-first { stroke: var(--first); }
.path.tone-second { stroke: var(--second); }
.tick { fill: var(--faint); font-size: 12px; }
.name { fill: var(--text); }
.value { fill: var(--text); font-weight: 600; white-space: pre; stroke: var(--card); stroke-width: 5; paint-order: stroke; }
.small { fill: var(--soft); font-size: 11.5px; }
.key { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin: 0 6px 0 14px; }
footer { color: var(--faint); font-size: 13px; }
@media (max-width: 600px) {
  main { padding: 20px 10px 40px; }
  section { padding: 14px 12px; }
  th, td { padding: 4px; font-size: 12px; white-space: normal; }
  .scroll svg { min-width: 560px; }
  .maps svg { min-width: 0; }
}
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
