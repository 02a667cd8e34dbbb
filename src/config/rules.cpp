#include "config/rules.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "config/choices.hpp"

namespace memspice::config {
namespace {

constexpr std::size_t kCount = std::tuple_size_v<decltype(kChoices)>;

struct Refusal {
  char mark;
  std::string_view reason, remedy;
};

constexpr Refusal kRefusals[] = {
    {'n',
     "no layer runs on crossbars, so there is no array and no cell",
     "set path.default to \"crossbar\", or name a layer that runs on them"},
    {'c',
     "it has no cells to write or to perturb",
     "choose calibrated, mesh or ideal for fidelity.default"},
    {'e',
     "every sample would go through ngspice again",
     "choose calibrated, which is fitted to ngspice"},
    {'w', "what was written is scored outside ngspice", "choose calibrated, mesh or ideal"},
    {'p',
     "the parts of the periphery are priced on behavioural tiles",
     "set [fidelity] to calibrated there, or leave in_network out"},
    {'i',
     "layers run in ngspice for images of one label, not for labelled pixels: each position of "
     "each slice would be a run of its own",
     "use calibrated, which is fitted to ngspice"},
    {'r',
     "the readouts that are measured subtract two bit lines, and a shared one has a single end",
     "use neighbouring bit lines, or leave in_network out"},
    {'v',
     "a difference amplifier takes two lines, and a shared one ends alone",
     "use neighbouring bit lines, or virtual grounds"},
    {'j',
     "the readouts that are measured hold their lines at 0 V",
     "use virtual grounds, or leave in_network out"},
    {'s',
     "the step response that is measured is that of word lines which carry the current",
     "let source_line be \"shared\", or leave in_network out"},
    {'b',
     "a gate needs word lines of both signs to be told apart",
     "let source_line be \"shared\""},
    {'g', "only cells with a gate can be read through source lines", "set topology = \"1t1r\""},
    {'o', "a gate is on or off", "write input = \"pulses\""},
    {'d', "bits that follow each other are the DAC's", "set converters.dac_bits to 1 or more"},
    {'a',
     "cells are written and perturbed in an array of word lines by neighbouring bit lines",
     "use neighbouring bit lines and shared source lines"},
    {'k',
     "kernel first has a pair per weight and no lines; this is for crossbars",
     "leave it out, or map by \"im2col\""},
    {'l',
     "pairs placed kernel first have no wires whose loss it could make up",
     "set it to \"nominal\""},
    {'u',
     "a user's own subcircuit is a cell by itself",
     "leave topology out, or put the access device into the subcircuit"},
    {'h',
     "half-selected writing is for cells without a gate",
     "set programming.scheme to \"1t1r\", or topology to \"1r\""},
    {'f', "cells are written without the selector in series with them", "write a 1r or 1t1r array"},
    {'t',
     "one computes what writing leaves, the other draws it",
     "remove one of the two tables: they do not run together"},
    {'x',
     "the law of a user's own subcircuit is known to ngspice alone",
     "choose calibrated, which is fitted to ngspice, or spice"},
    {'q',
     "each copy of a tile, or each summer, would have converters of its own, and no such are drawn",
     "map by \"im2col\", or leave the converters ideal"},
    {'y',
     "inputs that come bit after bit have no DAC",
     "leave out dac_mismatch, dac_offset and dac_gain_error"},
    {'z', "an ideal converter has no LSB to be off by", "give it bits, or leave its errors out"},
    {'P',
     "a sub-image takes as much of a crossbar as fits, one group each",
     "set mapping.packing to \"none\", or scheme to \"im2col\""},
    {'U',
     "a unit column stands beside bit lines of one cell a weight, and word lines carry the current",
     "use neighbouring bit lines and shared source lines, or set mapping.signed to \"pair\""},
    {'Q',
     "sub-images are cut for pairs of bit lines",
     "set mapping.signed to \"pair\", or scheme to \"im2col\""},
    {'W',
     "the readouts that are measured subtract the two lines of a pair",
     "set mapping.signed to \"pair\", or leave in_network out"},
    {'V',
     "a difference amplifier takes the two lines of a pair",
     "set mapping.signed to \"pair\", or use virtual grounds"},
    {'m',
     "[programming] writes cells of its own model, never the state of this one",
     "read by the static read model, or remove [programming]"},
};

// Row: the choice that is refused; columns: the choices after it. '.': they go together; '=': two
// values of one key; a letter: why not.
constexpr std::array<std::string_view, kCount> kPairs{
    //                exa flo pno per shr sep 1r 1t1r 1s1r amp pul gain dac0 adc0 kf sub fd wso dig
    //                half
    //                gated non own bit spe net img ver sli ser dif eac adc dac pac uni
    /* spice     */ ". . n p . . . . . . . . . . . . . . . w w e . . . . i . . . . . . . . .",
    /* exact     */ "  . n . . . . . . . . . . . . . . . . . . . x . . . . . . . . . . . . .",
    /* float     */ "    . . . . . . . . . . . . . . . . . c c c . . . . . . . . . . . . . .",
    /* no arrays */ "      . . . . . . . . . . . . . . . . n n n . . . . . n . . . . n n . .",
    /* periphery */ "        r s . . . . . . . . . . . . . . . . . . . . . . . . j . . . . W",
    /* shared    */ "          b . . . . . . . . k . . . . a a a . . . . . . . . v . . . . U",
    /* separate  */ "            g . g o . . d . k . . . . a a a g . . . . . . . . . . y . U",
    /* 1r        */ "              = = . . . . . . . . . . . . . . . . . . . . . . . . . . .",
    /* 1t1r      */ "                = . . . . . . . . . . h . . u . . . . . . . . . . . . .",
    /* 1s1r      */ "                  . . . . . k . . . . f f . u . . . . . . . . . . . . .",
    /* amplitude */ "                    = . . . . . . . . . . . . . . . . . . . . . . . . .",
    /* pulses    */ "                      . d . k . . . . . . . . . . . . . . . . . . y . .",
    /* gain      */ "                        . . l . . . . . . . . . . . . . . . . . . . . .",
    /* dac 0     */ "                          . . . . . . . . . . . . . . . . d . . . z . .",
    /* adc 0     */ "                            . . . . . . . . . . . . . . . . . . z . . .",
    /* kernel    */ "                              = = . . . . . . . . . . . k k k k q q k k",
    /* subimage  */ "                                = . . . . . . . . . . . . . . . q q P Q",
    /* full      */ "                                  . . . . . . . . . . . . . . . q q P Q",
    /* per out   */ "                                    . . . . . . . . . . . . . . . . . .",
    /* digital   */ "                                      . . . . . . . . . . . . = . . . .",
    /* v/2, v/3  */ "                                        = t m . . . . . . . . . . . . .",
    /* gated     */ "                                          t m . . . . . . . . . . . . .",
    /* effects   */ "                                            . . . . . . . . . . . . . .",
    /* own cell  */ "                                              . . . . . . . . . . . . .",
    /* bitstream */ "                                                . . . . . . . . . . . .",
    /* spectral  */ "                                                  . . . . . . . . . . .",
    /* scope     */ "                                                    . . . . . . . . . .",
    /* pairs     */ "                                                      i . . . . . . . .",
    /* verify    */ "                                                        . . . . . . . .",
    /* slices    */ "                                                          . . . . . . .",
    /* bit serial*/ "                                                            . . . y . .",
    /* differ.   */ "                                                              . . . . V",
    /* each tile */ "                                                                . . . .",
    /* ADCs      */ "                                                                  . . .",
    /* DACs      */ "                                                                    . .",
    /* packing   */ "                                                                      .",
    /* unit col. */ "                                                                       ",
};

/// The mark of row a, column b > a: two characters a column, the first one of choice 1.
constexpr char mark_of(std::size_t a, std::size_t b) {
  return kPairs[a][2 * (b - 1)];
}

constexpr const Refusal* refusal_of(char mark) {
  for (const Refusal& refusal : kRefusals) {
    if (refusal.mark == mark) return &refusal;
  }
  return nullptr;
}

consteval bool is_complete() {
  for (std::size_t a = 0; a < kCount; ++a) {
    if (kPairs[a].size() != 2 * (kCount - 1) - 1) return false;
    for (std::size_t b = 1; b < kCount; ++b) {
      const char mark = mark_of(a, b);
      const bool is_mark = mark == '.' || mark == '=' || refusal_of(mark) != nullptr;
      if (b <= a ? mark != ' ' : !is_mark) return false;
    }
  }
  return true;
}
static_assert(is_complete(), "every pair of choices has its mark");

}  // namespace

std::size_t choice_count() {
  return kCount;
}

std::string choice_name(std::size_t choice) {
  return name_of(kChoices.at(choice));
}

bool makes_choice(const FlowOptions& options, std::size_t choice) {
  return kChoices.at(choice).is_made(options);
}

Rule rule_of(std::size_t a, std::size_t b) {
  const char mark = mark_of(std::min(a, b), std::max(a, b));
  if (mark == '.') return {};
  if (mark == '=') return {.is_allowed = false, .excludes_itself = true};
  const Refusal& refusal = *refusal_of(mark);
  return {.is_allowed = false,
          .reason = std::string(refusal.reason),
          .remedy = std::string(refusal.remedy)};
}

std::vector<std::pair<std::size_t, std::size_t>> broken_rules(const FlowOptions& options) {
  std::vector<std::pair<std::size_t, std::size_t>> broken;
  for (std::size_t a = 0; a < kCount; ++a) {
    for (std::size_t b = a + 1; b < kCount; ++b) {
      if (rule_of(a, b).is_allowed) continue;
      if (makes_choice(options, a) && makes_choice(options, b)) broken.emplace_back(a, b);
    }
  }
  return broken;
}

void require_rules(const TomlDocument& flow, const FlowOptions& options) {
  const auto broken = broken_rules(options);
  if (broken.empty()) return;
  const auto [a, b] = broken.front();
  const Choice& blamed = kChoices.at(a);
  const Rule rule = rule_of(a, b);
  flow.reject(std::string(blamed.table),
              key_of(blamed, options),
              {.place = {},
               .value = '"' + std::string(blamed.value) + '"',
               .rule = "does not run with " + choice_name(b) + ": " + rule.reason,
               .remedy = rule.remedy});
}

}  // namespace memspice::config
