// view/nm: one line per symbol, in Go's order. Go sorts by address first and by the asked key
// then, both with an unstable sort, so ties come out as its sort leaves them.
#include "view/nm.h"

#include <string.h>

#include "base/gosort.h"
#include "binary/goobj/goobj.h"
#include "binary/pclntab/pclntab.h"

enum { PIECE_BYTES = 1 << 16 };

typedef struct NmKey {
    uint64_t key; // address, negated size, or the first bytes of the name
    uint32_t symbol;
} NmKey;

typedef struct NmList {
    Str path;   // with the member of an archive: "x.a(_go_.o)"
    Str prefix; // of each line: path, ":" and a tab, or empty
    NmStyle style;
    Object object;
    SymbolVec symbols;
    NmKey *keys;
    uint32_t at; // next line
} NmList;

bool nm_order(Str word, NmOrder *out) {
    static const struct {
        const char *word;
        NmOrder order;
    } words[] = {{"name", NM_BY_NAME},
                 {"address", NM_BY_ADDRESS},
                 {"size", NM_BY_SIZE},
                 {"none", NM_UNSORTED}};
    for (size_t i = 0; i < COUNT(words); i++) {
        if (!str_eq_c(word, words[i].word)) continue;
        *out = words[i].order;
        return true;
    }
    return false;
}

static bool less_key(const void *ctx, size_t i, size_t j) {
    const NmList *l = ctx;
    return l->keys[i].key < l->keys[j].key;
}

static bool less_name(const void *ctx, size_t i, size_t j) {
    const NmList *l = ctx;
    if (l->keys[i].key != l->keys[j].key) return l->keys[i].key < l->keys[j].key;
    return str_cmp(l->symbols.v[l->keys[i].symbol].name, l->symbols.v[l->keys[j].symbol].name) < 0;
}

static void swap_keys(void *ctx, size_t i, size_t j) {
    NmList *l = ctx;
    NmKey t = l->keys[i];
    l->keys[i] = l->keys[j];
    l->keys[j] = t;
}

// The first eight bytes, so that most comparisons need no look at the string.
static uint64_t name_key(Str s) {
    uint64_t key = 0;
    memcpy(&key, s.ptr ? s.ptr : "", MIN(s.len, sizeof key));
    return __builtin_bswap64(key);
}

static void sort_by(NmList *l, NmOrder order) {
    for (uint32_t i = 0; i < l->symbols.len; i++) {
        const Symbol *s = &l->symbols.v[l->keys[i].symbol];
        switch (order) {
        case NM_BY_NAME: l->keys[i].key = name_key(s->name); break;
        case NM_BY_ADDRESS: l->keys[i].key = s->addr; break;
        case NM_BY_SIZE: // signed, largest first
            l->keys[i].key = ~(s->size_bytes ^ (uint64_t)1 << 63);
            break;
        case NM_UNSORTED: return;
        }
    }
    gosort(&(GoSort){l, order == NM_BY_NAME ? less_name : less_key, swap_keys}, l->symbols.len);
}

static Str section_name(const NmList *l, const Symbol *s) {
    bool known = s->section && s->section <= l->object.sections.len;
    return known ? l->object.sections.v[s->section - 1].name : STR("-");
}

static void put_padded_hex(Buf *out, uint64_t n) {
    char digits[16];
    size_t at = sizeof digits;
    do digits[--at] = "0123456789abcdef"[n & 15];
    while (n >>= 4);
    while (at > 8) digits[--at] = ' ';
    buf_str(out, (Str){digits + at, sizeof digits - at});
}

static void put_line(NmList *l, const Symbol *s, Buf *out) {
    buf_str(out, l->prefix);
    if (s->code == 'U')
        buf_lit(out, "        ");
    else
        put_padded_hex(out, s->addr);
    if (l->style.size) buf_fmt(out, " %10lld", (long long)s->size_bytes);
    buf_byte(out, ' ');
    buf_byte(out, s->code);
    buf_byte(out, ' ');
    if (l->style.section) buf_fmt(out, "%-18.*s ", STR_ARG(section_name(l, s)));
    buf_str(out, s->name);
    buf_byte(out, '\n');
}

static Err next_lines(void *ctx, Buf *piece, bool *more) {
    NmList *l = ctx;
    while (l->at < l->symbols.len && piece->len < PIECE_BYTES)
        put_line(l, &l->symbols.v[l->keys[l->at++].symbol], piece);
    *more = l->at < l->symbols.len;
    return NULL;
}

static void add_data(Doc *d, NmList *l) {
    static const DocColumn columns[] = {{"address", NULL, true},
                                        {"size", NULL, true},
                                        {"code", NULL, false},
                                        {"section", NULL, false},
                                        {"name", NULL, false}};
    doc_open_item(d, l->path);
    doc_field(d, "file", NULL, doc_text(l->path));
    doc_table(d, "symbols", columns, COUNT(columns));
    for (uint32_t i = 0; i < l->symbols.len; i++) {
        const Symbol *s = &l->symbols.v[l->keys[i].symbol];
        doc_cell(d, doc_address(s->addr));
        doc_cell(d, doc_bytes((int64_t)s->size_bytes));
        doc_cell(d, doc_text((Str){&s->code, 1}));
        doc_cell(d, doc_text(section_name(l, s)));
        doc_cell(d, doc_text(s->name));
    }
    doc_close(d);
}

// The symbol table, or what the line table says when the program is stripped.
static Err find_symbols(Doc *d, Str path, NmList *l) {
    Arena *a = d->arena;
    Err e = object_symbols(a, &l->object, &l->symbols);
    if (!e && l->symbols.len) return NULL;
    Pclntab table;
    if (pclntab_find(a, &l->object, &l->symbols, &table))
        return e ? err_wrap(a, e, "reading " STR_FMT, STR_ARG(path))
                 : err_new(a, ERR_FORMAT, 0, "reading " STR_FMT ": no symbols", STR_ARG(path));
    l->symbols = pclntab_symbols(a, &table, &l->object);
    doc_warn(d,
             STR_FMT ": no symbol table (go tool nm fails here); the functions come from the Go "
                     "line table",
             STR_ARG(path));
    return NULL;
}

static void add_list(Doc *d, NmList *l) {
    l->prefix = l->style.prefix ? str_join2(d->arena, l->path, STR(":\t")) : STR("");
    l->keys = NEW_ARRAY(d->arena, NmKey, l->symbols.len ? l->symbols.len : 1);
    for (uint32_t i = 0; i < l->symbols.len; i++) l->keys[i].symbol = i;
    sort_by(l, NM_BY_ADDRESS);
    sort_by(l, l->style.order);
    if (l->style.json)
        add_data(d, l);
    else
        doc_stream(d, (DocStream){l, next_lines});
}

static Err member_symbols(Arena *a, const ArchiveMember *m, NmList *l) {
    if (m->is_go) {
        Goobj o;
        GoobjSymbols found;
        TRY(goobj_open(a, m, &o));
        TRY(goobj_symbols(a, &o, &found));
        l->symbols = found.symbols;
        return NULL;
    }
    TRY(object_open(a, m->bytes, &l->object));
    return object_symbols(a, &l->object, &l->symbols);
}

// Members without symbols are passed over, as Go does.
static Err view_archive(Doc *d, Str path, Str bytes, const NmStyle *style) {
    ArchiveMemberVec members = {0};
    Err e = archive_members(d->arena, bytes, &members);
    bool found = false;
    for (uint32_t i = 0; i < members.len && !e; i++) {
        const ArchiveMember *m = &members.v[i];
        NmList *l = NEW(d->arena, NmList);
        l->style = *style;
        l->style.prefix |= members.len > 1;
        Str name = m->name.len ? m->name : STR("_go_.o");
        l->path = members.len > 1
                      ? str_fmt(d->arena, STR_FMT "(" STR_FMT ")", STR_ARG(path), STR_ARG(name))
                      : path;
        e = member_symbols(d->arena, m, l);
        if (e || !l->symbols.len) continue;
        found = true;
        add_list(d, l);
    }
    if (e) return err_wrap(d->arena, e, "open " STR_FMT, STR_ARG(path));
    return found
               ? NULL
               : err_new(d->arena, ERR_FORMAT, 0, "reading " STR_FMT ": no symbols", STR_ARG(path));
}

Err view_nm(Doc *d, Str path, Str bytes, const NmStyle *style) {
    if (archive_is(bytes)) return view_archive(d, path, bytes, style);
    NmList *l = NEW(d->arena, NmList);
    l->path = path;
    l->style = *style;
    Err e = object_open(d->arena, bytes, &l->object);
    if (e) return err_wrap(d->arena, e, "open " STR_FMT, STR_ARG(path));
    TRY(find_symbols(d, path, l));
    add_list(d, l);
    return NULL;
}
