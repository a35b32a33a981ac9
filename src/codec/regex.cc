// codec/regex.cc: the one file that knows RE2; everything else is C and sees regex.h.
#include <re2/re2.h>

#include <new>
#include <string>

extern "C" {
#define _Alignof alignof
#include "codec/regex.h"
}

struct Regex {
    std::string pattern; // as given
    RE2 re;
    Regex(const std::string &given, const std::string &accepted, const RE2::Options &options)
        : pattern(given), re(accepted, options) {}
};

namespace {

re2::StringPiece piece(Str s) { return re2::StringPiece(s.ptr ? s.ptr : "", s.len); }

// The words of Go's regexp/syntax.ErrorCode for RE2's codes.
const char *go_words(RE2::ErrorCode code) {
    switch (code) {
    case RE2::ErrorBadEscape: return "invalid escape sequence";
    case RE2::ErrorBadCharClass: return "invalid character class";
    case RE2::ErrorBadCharRange: return "invalid character class range";
    case RE2::ErrorMissingBracket: return "missing closing ]";
    case RE2::ErrorMissingParen: return "missing closing )";
    case RE2::ErrorUnexpectedParen: return "unexpected )";
    case RE2::ErrorTrailingBackslash: return "trailing backslash at end of expression";
    case RE2::ErrorRepeatArgument: return "missing argument to repetition operator";
    case RE2::ErrorRepeatSize: return "invalid repeat count";
    case RE2::ErrorRepeatOp: return "invalid nested repetition operator";
    case RE2::ErrorBadPerlOp: return "invalid or unsupported Perl syntax";
    case RE2::ErrorBadUTF8: return "invalid UTF-8";
    case RE2::ErrorBadNamedCapture: return "invalid named capture";
    case RE2::ErrorPatternTooLarge: return "expression too large";
    default: return "regexp/syntax: internal error";
    }
}

// Go also writes a named group as (?<name>...), which this RE2 knows as (?P<name>...) only.
std::string accepted_form(const std::string &given) {
    std::string out;
    for (size_t i = 0; i < given.size(); i++) {
        out += given[i];
        if (given[i] == '\\' && i + 1 < given.size()) {
            out += given[++i];
            continue;
        }
        bool named = given.compare(i, 3, "(?<") == 0 && i + 3 < given.size() &&
                     given[i + 3] != '=' && given[i + 3] != '!';
        if (named) {
            out += "?P";
            i++;
        }
    }
    return out;
}

} // namespace

extern "C" Err regex_compile(Arena *a, Str pattern, Regex **out) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(64 << 20);
    std::string given(pattern.ptr ? pattern.ptr : "", pattern.len);
    Regex *re = new (std::nothrow) Regex(given, accepted_form(given), options);
    if (!re) base_out_of("memory for a regular expression", pattern.len);
    if (re->re.ok()) {
        *out = re;
        return nullptr;
    }
    std::string at = re->re.error_arg();
    if (at.compare(0, 4, "(?P<") == 0 && given.find(at) == std::string::npos) at.erase(2, 1);
    Err e = err_new(a, ERR_FORMAT, 0, "error parsing regexp: %s: `%s`",
                    go_words(re->re.error_code()), at.c_str());
    delete re;
    return e;
}

extern "C" void regex_free(Regex *re) { delete re; }

extern "C" Str regex_pattern(const Regex *re) { return Str{re->pattern.data(), re->pattern.size()}; }

extern "C" bool regex_match(const Regex *re, Str text) {
    return RE2::PartialMatch(piece(text), re->re);
}

extern "C" bool regex_find(const Regex *re, Str text, Str *match) {
    re2::StringPiece whole = piece(text), found;
    if (!re->re.Match(whole, 0, whole.size(), RE2::UNANCHORED, &found, 1)) return false;
    *match = Str{found.data(), found.size()};
    return true;
}

extern "C" bool regex_groups(const Regex *re, Str text, Str *groups, int count) {
    re2::StringPiece whole = piece(text), sub[16];
    if (count > 16) count = 16;
    if (!re->re.Match(whole, 0, whole.size(), RE2::UNANCHORED, sub, count)) return false;
    for (int i = 0; i < count; i++)
        groups[i] = sub[i].data() ? Str{sub[i].data(), sub[i].size()} : Str{"", 0};
    return true;
}
