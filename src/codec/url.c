// codec/url.c: RFC 3986 as Go reads it: which bytes stand for themselves differs from part to part,
// and a part is written again as it was read where that is well formed.
#include "codec/url.h"

#include "base/vec.h"

typedef enum Part { PART_USER, PART_HOST, PART_PATH, PART_QUERY, PART_MARK } Part;

// ---- bytes

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_one_of(char c, const char *set) { return c != 0 && strchr(set, c) != NULL; }

static bool stands_for_itself(char c, Part part) {
    static const char *const others[] = {
        [PART_USER] = "$&+,;=", [PART_HOST] = "!$&'()*+,;=:[]<>\"", [PART_PATH] = "$&+,/:;=@",
        [PART_QUERY] = "",      [PART_MARK] = "$&+,/:;=?@!()*",
    };
    return is_letter(c) || is_digit(c) || is_one_of(c, "-_.~") || is_one_of(c, others[part]);
}

static int hex_digit(char c) {
    if (is_digit(c)) return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void put_escaped(Buf *b, Str s, Part part) {
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = (uint8_t)s.ptr[i];
        if (stands_for_itself(s.ptr[i], part)) {
            buf_byte(b, s.ptr[i]);
        } else if (c == ' ' && part == PART_QUERY) {
            buf_byte(b, '+');
        } else {
            buf_byte(b, '%');
            buf_byte(b, digits[c >> 4]);
            buf_byte(b, digits[c & 15]);
        }
    }
}

// False: an escape is broken, or a byte must not be there.
static bool unescape(Arena *a, Str s, Part part, Str *out) {
    Buf b = buf_new(a);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '%') {
            int high = i + 2 < s.len ? hex_digit(s.ptr[i + 1]) : -1;
            int low = i + 2 < s.len ? hex_digit(s.ptr[i + 2]) : -1;
            if (high < 0 || low < 0) return false;
            c = (char)(uint8_t)(high << 4 | low);
            if (part == PART_HOST && high < 8 && c != '%') return false;
            i += 2;
        } else if (c == '+' && part == PART_QUERY) {
            c = ' ';
        } else if (part == PART_HOST && (uint8_t)c < 0x80 && !stands_for_itself(c, part)) {
            return false;
        }
        buf_byte(&b, c);
    }
    *out = buf_view(&b);
    return true;
}

// As it is read where every byte of it may stand there, else escaped anew.
static bool written_again(Arena *a, Str raw, Part part, Str *out) {
    Str plain;
    if (!unescape(a, raw, part, &plain)) return false;
    *out = raw;
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.ptr[i];
        if (is_one_of(c, "!$&'()*+,;=:@[]%") || stands_for_itself(c, part)) continue;
        Buf b = buf_new(a);
        put_escaped(&b, plain, part);
        *out = buf_view(&b);
        return true;
    }
    return true;
}

// ---- parts

// What stands before the first ':' where that can be a scheme; empty: none is given.
static bool cut_scheme(Arena *a, Str *rest, Str *scheme) {
    *scheme = STR("");
    for (size_t i = 0; i < rest->len; i++) {
        char c = rest->ptr[i];
        if (c == ':') {
            if (i == 0) return false;
            Buf b = buf_new(a);
            for (size_t k = 0; k < i; k++)
                buf_byte(&b, is_letter(rest->ptr[k]) ? (char)(rest->ptr[k] | 0x20) : rest->ptr[k]);
            *scheme = buf_view(&b);
            *rest = str_from(*rest, i + 1);
            return true;
        }
        if (!is_letter(c) && (i == 0 || !(is_digit(c) || is_one_of(c, "+-.")))) return true;
    }
    return true;
}

static bool valid_port(Str s) {
    for (size_t i = 0; i < s.len; i++)
        if (i == 0 ? s.ptr[i] != ':' : !is_digit(s.ptr[i])) return false;
    return true;
}

// "[::1]:80": what is in brackets must look like an address of that form.
static bool bracketed(Str host) {
    size_t end = str_rfind_byte(host, ']');
    if (end == STR_NONE || !valid_port(str_from(host, end + 1))) return false;
    Str inside = str_slice(host, 1, end);
    Str address = str_to(inside, MIN(str_find_byte(inside, '%'), inside.len));
    for (size_t i = 0; i < address.len; i++)
        if (hex_digit(address.ptr[i]) < 0 && !is_one_of(address.ptr[i], ":.")) return false;
    return str_find_byte(address, ':') != STR_NONE;
}

static bool read_host(Arena *a, Str scheme, Str host, Str *out) {
    size_t bracket = str_rfind_byte(host, '[');
    if (bracket != STR_NONE && bracket > 0) return false;
    if (bracket == 0) {
        if (!bracketed(host)) return false;
    } else {
        size_t colon = str_find_byte(host, ':');
        // Only of the schemes of the web is more than one colon refused.
        bool web = str_eq(scheme, STR("http")) || str_eq(scheme, STR("https"));
        if (!web) colon = str_rfind_byte(host, ':');
        if (colon != STR_NONE && !valid_port(str_from(host, colon))) return false;
    }
    return unescape(a, host, PART_HOST, out);
}

static bool read_user(Arena *a, Str text, Url *u) {
    for (size_t i = 0; i < text.len; i++)
        if (!is_letter(text.ptr[i]) && !is_digit(text.ptr[i]) &&
            !is_one_of(text.ptr[i], "-._:~!$&'()*+,;=%@"))
            return false;
    u->has_user = true;
    u->has_password = str_find_byte(text, ':') != STR_NONE;
    Str user = str_split(&text, ':');
    return unescape(a, user, PART_USER, &u->user) && unescape(a, text, PART_USER, &u->password);
}

static bool read_authority(Arena *a, Str text, Url *u) {
    size_t at = str_rfind_byte(text, '@');
    if (!read_host(a, u->scheme, at == STR_NONE ? text : str_from(text, at + 1), &u->host))
        return false;
    return at == STR_NONE || read_user(a, str_to(text, at), u);
}

bool url_parse(Arena *a, Str text, Url *out) {
    Url u = {0};
    Str rest = str_split(&text, '#');
    if (!written_again(a, text, PART_MARK, &u.mark)) return false;
    for (size_t i = 0; i < rest.len; i++)
        if ((uint8_t)rest.ptr[i] < 0x20 || rest.ptr[i] == 0x7f) return false;
    if (!cut_scheme(a, &rest, &u.scheme)) return false;
    size_t mark = str_find_byte(rest, '?');
    u.has_query = mark != STR_NONE;
    u.query = u.has_query ? str_from(rest, mark + 1) : STR("");
    if (u.has_query) rest = str_to(rest, mark);
    if (!str_cut_prefix(&rest, STR("//"))) return false;
    if (!u.scheme.len && str_starts(rest, STR("/"))) return false;
    size_t slash = MIN(str_find_byte(rest, '/'), rest.len);
    if (!read_authority(a, str_to(rest, slash), &u) || !u.host.len) return false;
    if (!written_again(a, str_from(rest, slash), PART_PATH, &u.path)) return false;
    *out = u;
    return true;
}

// ---- written

static Str text_of(Arena *a, const Url *u, bool hide) {
    Buf b = buf_new(a);
    if (u->scheme.len) {
        buf_str(&b, u->scheme);
        buf_byte(&b, ':');
    }
    buf_lit(&b, "//");
    if (u->has_user) put_escaped(&b, u->user, PART_USER);
    if (u->has_password) {
        buf_byte(&b, ':');
        if (hide)
            buf_lit(&b, "***");
        else
            put_escaped(&b, u->password, PART_USER);
    }
    if (u->has_user) buf_byte(&b, '@');
    put_escaped(&b, u->host, PART_HOST);
    buf_str(&b, u->path);
    if (u->has_query) {
        buf_byte(&b, '?');
        buf_str(&b, u->query);
    }
    if (u->mark.len) {
        buf_byte(&b, '#');
        buf_str(&b, u->mark);
    }
    return buf_view(&b);
}

Str url_text(Arena *a, const Url *u) { return text_of(a, u, false); }
Str url_text_without_password(Arena *a, const Url *u) { return text_of(a, u, true); }

// ---- queries

typedef struct Word {
    Str name, value;
} Word;
typedef VEC(Word) WordVec;

// What Go cannot read it leaves out.
static WordVec words_of(Arena *a, Str query) {
    WordVec out = {0};
    while (query.len) {
        Str value = str_split(&query, '&');
        if (!value.len || str_find_byte(value, ';') != STR_NONE) continue;
        Str name = str_split(&value, '=');
        Word w;
        if (unescape(a, name, PART_QUERY, &w.name) && unescape(a, value, PART_QUERY, &w.value))
            vec_push(a, &out, w);
    }
    return out;
}

bool url_query_get(Arena *a, Str query, Str name, Str *out) {
    WordVec words = words_of(a, query);
    for (uint32_t i = 0; i < words.len; i++) {
        if (!str_eq(words.v[i].name, name)) continue;
        *out = words.v[i].value;
        return true;
    }
    return false;
}

// Insertion: stable, and queries are short.
static void add_sorted(Arena *a, WordVec *to, Word w) {
    vec_push(a, to, w);
    for (uint32_t i = to->len - 1; i > 0 && str_cmp(to->v[i - 1].name, to->v[i].name) > 0; i--) {
        Word earlier = to->v[i - 1];
        to->v[i - 1] = to->v[i];
        to->v[i] = earlier;
    }
}

Str url_query_with(Arena *a, Str query, Str name, Str value) {
    WordVec words = words_of(a, query), sorted = {0};
    for (uint32_t i = 0; i < words.len; i++)
        if (!value.len || !str_eq(words.v[i].name, name)) add_sorted(a, &sorted, words.v[i]);
    if (value.len) add_sorted(a, &sorted, (Word){name, value});
    Buf b = buf_new(a);
    for (uint32_t i = 0; i < sorted.len; i++) {
        if (i) buf_byte(&b, '&');
        put_escaped(&b, sorted.v[i].name, PART_QUERY);
        buf_byte(&b, '=');
        put_escaped(&b, sorted.v[i].value, PART_QUERY);
    }
    return buf_view(&b);
}
