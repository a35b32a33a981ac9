// go/load: module versions (semantic versions with a leading v) and Go versions (1.21.3, 1.22rc1):
// validity, order, and the major-version suffix a module path must carry.
// Rules: https://go.dev/ref/mod#versions and https://go.dev/doc/toolchain#version.
#include "go/load/load_internal.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_ident(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

// Decimal digits without a needless leading zero.
static bool cut_int(Str *s, Str *out) {
    size_t n = 0;
    while (n < s->len && is_digit(s->ptr[n])) n++;
    if (n == 0 || (s->ptr[0] == '0' && n > 1)) return false;
    *out = str_to(*s, n);
    *s = str_from(*s, n);
    return true;
}

static bool is_number(Str s) {
    for (size_t i = 0; i < s.len; i++)
        if (!is_digit(s.ptr[i])) return false;
    return true;
}

// Dot-separated identifiers; in a prerelease a number has no leading zero.
static bool cut_idents(Str *s, bool numbers_strict, Str *out) {
    size_t n = 1, start = 1;
    for (;; n++) {
        bool end = n == s->len || s->ptr[n] == '+';
        if (!end && s->ptr[n] != '.') {
            if (!is_ident(s->ptr[n])) return false;
            continue;
        }
        Str ident = str_slice(*s, start, n);
        if (ident.len == 0) return false;
        if (numbers_strict && ident.len > 1 && ident.ptr[0] == '0' && is_number(ident))
            return false;
        start = n + 1;
        if (end) break;
    }
    *out = str_to(*s, n);
    *s = str_from(*s, n);
    return true;
}

bool semver_parse(Str v, Semver *out) {
    Semver p = {0};
    if (!str_cut_prefix(&v, STR("v")) || !cut_int(&v, &p.major)) return false;
    p.minor = p.patch = STR("0");
    if (v.len == 0) {
        p.short_form = STR(".0.0");
        *out = p;
        return true;
    }
    if (!str_cut_prefix(&v, STR(".")) || !cut_int(&v, &p.minor)) return false;
    if (v.len == 0) {
        p.short_form = STR(".0");
        *out = p;
        return true;
    }
    if (!str_cut_prefix(&v, STR(".")) || !cut_int(&v, &p.patch)) return false;
    if (v.len > 0 && v.ptr[0] == '-' && !cut_idents(&v, true, &p.prerelease)) return false;
    if (v.len > 0 && v.ptr[0] == '+' && !cut_idents(&v, false, &p.build)) return false;
    if (v.len > 0) return false;
    *out = p;
    return true;
}

bool semver_is_valid(Str v) {
    Semver p;
    return semver_parse(v, &p);
}

// Numbers of any length: more digits is more.
static int compare_int(Str x, Str y) {
    if (x.len != y.len) return x.len < y.len ? -1 : 1;
    int c = str_cmp(x, y);
    return c < 0 ? -1 : c > 0;
}

static int compare_ident(Str x, Str y) {
    bool xn = is_number(x), yn = is_number(y);
    if (xn != yn) return xn ? -1 : 1; // numbers come before words
    if (xn) return compare_int(x, y);
    int c = str_cmp(x, y);
    return c < 0 ? -1 : c > 0;
}

static int compare_prerelease(Str x, Str y) {
    if (str_eq(x, y)) return 0;
    if (x.len == 0) return 1; // a release is above its prereleases
    if (y.len == 0) return -1;
    x = str_from(x, 1), y = str_from(y, 1);
    while (x.len > 0 && y.len > 0) {
        int c = compare_ident(str_split(&x, '.'), str_split(&y, '.'));
        if (c != 0) return c;
    }
    return x.len > 0 ? 1 : y.len > 0 ? -1 : 0;
}

// An invalid version is below every valid one.
int semver_compare(Str v, Str w) {
    Semver x, y;
    bool vx = semver_parse(v, &x), vy = semver_parse(w, &y);
    if (!vx || !vy) return (int)vx - (int)vy;
    int c = compare_int(x.major, y.major);
    if (c == 0) c = compare_int(x.minor, y.minor);
    if (c == 0) c = compare_int(x.patch, y.patch);
    return c != 0 ? c : compare_prerelease(x.prerelease, y.prerelease);
}

// v1 and v1.2 spelled out, build metadata dropped but for "+incompatible"; "" when invalid.
Str version_canonical(Arena *a, Str v) {
    Semver p;
    if (!semver_parse(v, &p)) return STR("");
    if (p.short_form.len > 0) return str_join2(a, v, p.short_form);
    if (p.build.len > 0 && !str_eq_c(p.build, "+incompatible"))
        return str_to(v, v.len - p.build.len);
    return v;
}

// ---- Go versions ----------------------------------------------------------------------------

typedef struct GoVer {
    Str major, minor, patch, kind, pre;
} GoVer;

static bool gover_parse(Str x, GoVer *out) {
    GoVer v = {0};
    *out = v;
    if (!cut_int(&x, &v.major)) return false;
    if (x.len == 0) {
        v.minor = v.patch = STR("0");
        *out = v;
        return true;
    }
    if (!str_cut_prefix(&x, STR(".")) || !cut_int(&x, &v.minor)) return false;
    if (x.len == 0) { // before 1.21, "1.20" was the first release; since then 1.21.0 is
        if (compare_int(v.minor, STR("21")) < 0) v.patch = STR("0");
        *out = v;
        return true;
    }
    if (str_cut_prefix(&x, STR("."))) {
        if (!cut_int(&x, &v.patch) || x.len > 0) return false;
        *out = v;
        return true;
    }
    size_t n = 0;
    while (n < x.len && x.ptr[n] >= 'a' && x.ptr[n] <= 'z') n++;
    v.kind = str_to(x, n);
    x = str_from(x, n);
    if (n == 0 || (x.len > 0 && (!cut_int(&x, &v.pre) || x.len > 0))) return false;
    *out = v;
    return true;
}

bool gover_is_valid(Str x) {
    GoVer v;
    return gover_parse(x, &v);
}

int gover_compare(Str x, Str y) {
    GoVer a, b;
    gover_parse(x, &a);
    gover_parse(y, &b);
    int c = compare_int(a.major, b.major);
    if (c == 0) c = compare_int(a.minor, b.minor);
    if (c == 0) c = compare_int(a.patch, b.patch);
    if (c == 0) c = str_cmp(a.kind, b.kind);
    return c != 0 ? c : compare_int(a.pre, b.pre);
}

// The language version of a release: "1.21.3" is "1.21".
Str gover_lang(Str x) {
    GoVer v;
    if (!gover_parse(x, &v)) return STR("");
    if (v.minor.len == 0 || (str_eq_c(v.major, "1") && str_eq_c(v.minor, "0"))) return v.major;
    return str_to(x, MIN(x.len, v.major.len + 1 + v.minor.len));
}

// What stands in a go line: 1.N, 1.N.P or 1.NrcP without leading zeros.
bool gover_is_go_line(Str s) {
    Str n;
    if (s.len == 0 || s.ptr[0] == '0' || !cut_int(&s, &n)) return false;
    if (!str_cut_prefix(&s, STR(".")) || !cut_int(&s, &n)) return false;
    if (str_cut_prefix(&s, STR("."))) {
        if (!cut_int(&s, &n)) return false;
    }
    size_t k = 0;
    while (k < s.len && s.ptr[k] >= 'a' && s.ptr[k] <= 'z') k++;
    if (k == 0) return s.len == 0;
    s = str_from(s, k);
    return s.len > 0 && is_number(s);
}

// ---- versions of modules --------------------------------------------------------------------

bool module_is_toolchain(Str path) { return str_eq_c(path, "go") || str_eq_c(path, "toolchain"); }

static Str toolchain_version(Str name) { // "go1.21.3-custom" runs Go 1.21.3
    if (!str_cut_prefix(&name, STR("go"))) return STR("");
    size_t n = 0;
    while (n < name.len && !memchr(" \t-", name.ptr[n], 3)) n++;
    return str_to(name, n);
}

int module_compare(Str path, Str v, Str w) {
    if (str_eq_c(path, "go")) return gover_compare(v, w);
    if (str_eq_c(path, "toolchain"))
        return gover_compare(toolchain_version(v), toolchain_version(w));
    return semver_compare(v, w);
}

// gopkg.in keeps the major version as ".vN", every other path as "/vN" from v2 on.
static bool split_gopkg(Str path, Str *major) {
    *major = STR("");
    size_t end = path.len, i;
    if (str_ends(path, STR("-unstable"))) end -= strlen("-unstable");
    for (i = end; i > 0 && is_digit(path.ptr[i - 1]);) i--;
    if (i < 2 || path.ptr[i - 1] != 'v' || path.ptr[i - 2] != '.') return false;
    Str m = str_from(path, i - 2);
    if (m.len <= 2 || (m.ptr[2] == '0' && !str_eq_c(m, ".v0"))) return false;
    *major = m;
    return true;
}

// False when the path ends in a suffix that looks like a version and is not one.
bool module_split_major(Str path, Str *major) {
    if (str_starts(path, STR("gopkg.in/"))) return split_gopkg(path, major);
    *major = STR("");
    size_t i = path.len;
    bool dot = false;
    while (i > 0 && (is_digit(path.ptr[i - 1]) || path.ptr[i - 1] == '.'))
        dot = dot || path.ptr[i - 1] == '.', i--;
    if (i <= 1 || i == path.len || path.ptr[i - 1] != 'v' || path.ptr[i - 2] != '/') return true;
    Str m = str_from(path, i - 2);
    if (dot || m.len <= 2 || m.ptr[2] == '0' || str_eq_c(m, "/v1")) return false;
    *major = m;
    return true;
}

// "" when version v may stand beside a path with that major suffix, else why not.
Str module_check_major(Arena *a, Str v, Str major) {
    if (str_starts(major, STR(".v"))) str_cut_suffix(&major, STR("-unstable"));
    if (str_starts(v, STR("v0.0.0-")) && str_eq_c(major, ".v1")) return STR("");
    Semver p;
    if (!semver_parse(v, &p)) p = (Semver){0};
    Str want = STR("v0 or v1");
    if (major.len == 0) {
        if (str_eq_c(p.major, "0") || str_eq_c(p.major, "1") || str_eq_c(p.build, "+incompatible"))
            return STR("");
    } else {
        want = str_from(major, 1);
        if (str_eq(p.major, str_from(want, 1))) return STR("");
    }
    return str_fmt(a, "version " STR_FMT " invalid: should be " STR_FMT ", not v" STR_FMT,
                   STR_ARG(text_quote(a, v)), STR_ARG(want), STR_ARG(p.major));
}
