// cli/pprof_url.c: what a source that is no file asks of which server.
#include "cli/pprof_cli.h"
#include "codec/url.h"

enum { TIMEOUT_DEFAULT = 60, TIMEOUT_MORE = 5 };

// "host:port/path": Go reads "host" as the scheme, or finds a colon where none may be.
static bool may_lack_scheme(Str source) {
    Str rest = source, before_mark = str_split(&rest, '#');
    Str segment = str_split(&before_mark, '?');
    segment = str_to(segment, MIN(str_find_byte(segment, '/'), segment.len));
    size_t colon = str_find_byte(segment, ':');
    if (colon == STR_NONE) return false;
    static const char file[] = "file";
    for (size_t i = 0; i < colon; i++)
        if (colon != 4 || (segment.ptr[i] | 0x20) != file[i]) return true;
    return colon == 0;
}

static bool read_source(Arena *a, Str source, Url *out) {
    if (url_parse(a, source, out)) return true;
    return may_lack_scheme(source) && url_parse(a, str_join2(a, STR("http://"), source), out);
}

static int64_t timeout_of(Arena *a, const Url *u, const PprofLine *line) {
    int64_t seconds = line->seconds, asked;
    Str text;
    if (seconds <= 0 && url_query_get(a, u->query, STR("seconds"), &text) &&
        str_to_i64(text, &asked) && asked == (int32_t)asked)
        seconds = asked;
    if (line->timeout > 0) return line->timeout + TIMEOUT_MORE;
    return (seconds > 0 ? seconds + seconds / 2 : TIMEOUT_DEFAULT) + TIMEOUT_MORE;
}

// What libcurl is given: a host that is not named is this machine, as for Go.
static Str as_fetched(Arena *a, Url u, bool *insecure) {
    *insecure = str_eq(u.scheme, STR("https+insecure"));
    if (*insecure) u.scheme = STR("https");
    if (!str_eq(u.scheme, STR("http")) && !str_eq(u.scheme, STR("https"))) return STR("");
    if (u.host.ptr[0] == ':') u.host = str_join2(a, STR("localhost"), u.host);
    u.mark = STR("");
    return url_text(a, &u);
}

bool pprof_url(Arena *a, Str source, const PprofLine *line, PprofUrl *out) {
    Url u;
    if (!read_source(a, source, &u)) return false;
    if (!u.path.len || str_eq(u.path, STR("/"))) u.path = STR("/debug/pprof/profile");
    int64_t timeout = timeout_of(a, &u, line);
    Str seconds = line->seconds > 0 ? str_fmt(a, "%lld", (long long)line->seconds) : STR("");
    bool bare = u.has_query && !u.query.len; // a '?' and nothing behind it stays
    u.query = url_query_with(a, u.query, STR("seconds"), seconds);
    u.has_query = bare || u.query.len;
    *out = (PprofUrl){.text = url_text(a, &u),
                      .shown = url_text_without_password(a, &u),
                      .scheme = u.scheme,
                      .timeout_seconds = timeout};
    out->fetched = as_fetched(a, u, &out->insecure);
    return true;
}

Str pprof_go_seconds(Arena *a, int64_t seconds) {
    long long h = seconds / 3600, m = seconds / 60 % 60, s = seconds % 60;
    if (h) return str_fmt(a, "%lldh%lldm%llds", h, m, s);
    return m ? str_fmt(a, "%lldm%llds", m, s) : str_fmt(a, "%llds", s);
}

Str pprof_source_shown(Arena *a, Str source) {
    Url u;
    return read_source(a, source, &u) && u.has_password ? url_text_without_password(a, &u) : source;
}
