// profile/textnames.c: names for the addresses of a text profile, out of its own comment lines. Go
// writes one below each stack for every frame: "#\t0x4d0e06\tmain.f+0x26\t/src/main.go:12". It
// leaves out runtime functions up to the first other one, and runtime.goexit (printStackRecord in
// runtime/pprof/pprof.go).
#include "profile/profile_internal.h"

#define LEFT_OUT "runtime.(not in the text)"

typedef struct Naming {
    Profile *p;
    Index by_address; // locations
    StrMap functions;
} Naming;

static uint32_t function_of(Naming *n, Str name, Str file) {
    Profile *p = n->p;
    uint32_t *at = strmap_put(&n->functions, name);
    if (*at) return *at;
    *at = p->functions.len;
    vec_push(p->arena, &p->functions,
             ((ProfileFunction){.id = *at, .name = name, .system_name = name, .file = file}));
    return p->functions.len - 1;
}

static void name_location(Naming *n, ProfileLocation *l, uint32_t function, int64_t line) {
    Profile *p = n->p;
    l->first_line = p->lines.len;
    l->line_count = 1;
    vec_push(p->arena, &p->lines, ((ProfileLine){.line = line, .function = function}));
}

static ProfileLocation *location_at(Naming *n, uint64_t address) {
    for (IndexIter it = index_find(&n->by_address, ids_hash(address)); it.id; index_next(&it))
        if (n->p->locations.v[it.id].address == address) return &n->p->locations.v[it.id];
    return NULL;
}

// The next part of a line: tabs stand between them, several where columns are aligned.
static Str next_part(Str *line) {
    Str part = STR("");
    while (line->len && !part.len) part = str_split(line, '\t');
    return part;
}

// False: the line names no address.
static bool take_line(Naming *n, Str line) {
    uint64_t address;
    int64_t number;
    if (!str_cut_prefix(&line, STR("#\t"))) return false;
    Str at = next_part(&line), name = next_part(&line), place = str_trim(next_part(&line));
    if (!str_cut_prefix(&at, STR("0x")) || !profile_hex(at, &address)) return false;
    size_t plus = str_rfind_byte(name, '+'), colon = str_rfind_byte(place, ':');
    if (plus == STR_NONE || colon == STR_NONE) return false;
    if (!str_to_i64(str_from(place, colon + 1), &number)) return false;
    ProfileLocation *l = location_at(n, address);
    if (!l || l->line_count) return false;
    name_location(n, l, function_of(n, str_to(name, plus), str_to(place, colon)), number);
    return true;
}

// What has no name yet is one of the two kinds Go leaves out.
static void name_rest(Naming *n) {
    Profile *p = n->p;
    Arena *scratch = arena_new("text names");
    Cursor c = cursor_new(p, scratch);
    while (cursor_next(&c)) {
        bool named = false;
        cursor_stack(&c);
        for (uint32_t i = 0; i < c.depth; i++) {
            ProfileLocation *l = &p->locations.v[c.locations[i]];
            named |= l->line_count > 0;
            if (l->line_count) continue;
            Str name = named ? STR("runtime.goexit") : STR(LEFT_OUT);
            name_location(n, l, function_of(n, name, STR("")), 0);
        }
    }
    arena_free(scratch);
}

bool profile_name_from_text(Profile *p) {
    Naming n = {p, index_new(p->arena), strmap_new(p->arena)};
    bool any = false;
    Str text = p->text;
    if (!text.len) return false;
    for (uint32_t i = 1; i < p->locations.len; i++)
        index_add(&n.by_address, ids_hash(p->locations.v[i].address), i);
    while (text.len) any |= take_line(&n, str_line(&text));
    if (any) name_rest(&n);
    return any;
}
