// profile/legacy.c: the profile forms older than the protobuf one: heap text (debug=1), growth,
// fragmentation, counts (goroutine, threadcreate), threads, contention and mutex, and the binary
// CPU form. Their stacks are return addresses; unsampling is done here as pprof does it. Format:
// doc/ of gperftools, runtime/pprof's debug=1 writers and pprof's own legacy parsers.
#include <math.h>

#include "codec/regex.h"
#include "profile/profile_internal.h"

#define UNRECOGNIZED "unrecognized profile format"
#define MALFORMED "malformed profile format"
#define LINE_LIMIT 65536 // longer lines are refused, as Go's bufio.Scanner does

typedef struct Lines {
    Str rest, line;
    bool too_long;
} Lines;

typedef struct OldSample {
    int64_t values[4];
    uint32_t first, depth; // in Legacy.stacks
    int64_t block_size;
} OldSample;

typedef struct Legacy {
    Arena *arena;
    Profile *p;
    Lines in;
    Index by_address;
    U32Vec stacks;
    VEC(OldSample) samples;
    bool block_sizes; // samples carry a "bytes" label
    Regex *res[8];
    size_t re_count;
} Legacy;

static Err unrecognized(Legacy *g) { return err_new(g->arena, ERR_FORMAT, 0, UNRECOGNIZED); }
static Err malformed(Legacy *g) { return err_new(g->arena, ERR_FORMAT, 0, MALFORMED); }

// ---- lines and expressions

static bool next_line(Lines *in) {
    in->line = STR("");
    if (in->rest.len == 0 || in->too_long) return false;
    size_t nl = str_find_byte(in->rest, '\n');
    if (nl == STR_NONE) nl = in->rest.len;
    if (nl >= LINE_LIMIT) {
        in->too_long = true;
        return false;
    }
    in->line = str_to(in->rest, nl);
    in->rest = str_from(in->rest, nl + 1);
    str_cut_suffix(&in->line, STR("\r"));
    return true;
}

static Err line_err(Legacy *g) {
    return g->in.too_long ? err_new(g->arena, ERR_LIMIT, 0, "bufio.Scanner: token too long") : NULL;
}

// Compiles one of our own expressions; they are freed with the parser.
static Regex *expr(Legacy *g, const char *pattern) {
    Regex *re = NULL;
    Err err = regex_compile(g->arena, str_c(pattern), &re);
    if (err) BUG("expression %s: " STR_FMT, pattern, STR_ARG(err->what));
    if (g->re_count == COUNT(g->res)) BUG("more than %zu expressions", COUNT(g->res));
    g->res[g->re_count++] = re;
    return re;
}

#define MAX_GROUPS 8
static bool blank_or_comment(Str line) {
    line = str_trim(line);
    return line.len == 0 || line.ptr[0] == '#';
}

static bool map_sentinel(Str line) {
    return str_find(line, STR("--- Memory map: ---")) != STR_NONE ||
           str_find(line, STR("MAPPED_LIBRARIES:")) != STR_NONE;
}

bool profile_hex(Str digits, uint64_t *out) {
    uint64_t v = 0;
    if (digits.len == 0) return false;
    for (size_t i = 0; i < digits.len; i++) {
        char c = digits.ptr[i];
        unsigned d = c >= '0' && c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a' + 10);
        if (d > 15 || v >> 60) return false;
        v = v << 4 | d;
    }
    *out = v;
    return true;
}

// ---- stacks

static uint32_t location_of(Legacy *g, uint64_t address) {
    Profile *p = g->p;
    for (IndexIter it = index_find(&g->by_address, ids_hash(address)); it.id; index_next(&it))
        if (p->locations.v[it.id].address == address) return it.id;
    ProfileLocation *l = vec_add(g->arena, &p->locations);
    l->address = address;
    index_add(&g->by_address, ids_hash(address), p->locations.len - 1);
    return p->locations.len - 1;
}

// Pushes the addresses "0x12 0x34" of a line. Return addresses move to the call before them; the
// leaf too unless `leaf_exact`.
static Err push_stack(Legacy *g, OldSample *s, Str text, bool leaf_exact) {
    s->first = g->stacks.len;
    for (size_t at; (at = str_find(text, STR("0x"))) != STR_NONE;) {
        Str rest = str_from(text, at + 2);
        size_t n = 0;
        while (n < rest.len && strchr("0123456789abcdef", rest.ptr[n]) && rest.ptr[n]) n++;
        text = str_from(rest, n);
        if (n == 0) continue;
        uint64_t address;
        if (!profile_hex(str_to(rest, n), &address))
            return err_new(g->arena, ERR_FORMAT, 0,
                           "failed to parse as hex 64-bit number: 0x" STR_FMT,
                           STR_ARG(str_to(rest, n)));
        bool leaf = g->stacks.len == s->first;
        vec_push(g->arena, &g->stacks, location_of(g, address - (leaf && leaf_exact ? 0 : 1)));
    }
    s->depth = g->stacks.len - s->first;
    return NULL;
}

static void set_types(Legacy *g, const char *const (*types)[2], size_t n) {
    for (size_t i = 0; i < n; i++)
        vec_push(g->arena, &g->p->types, ((ProfileType){str_c(types[i][0]), str_c(types[i][1])}));
}

// ---- the memory map that may follow

// The file at the head of the list is taken for the program itself.
static void main_first(Profile *p, Regex *library) {
    for (uint32_t i = 1; i < p->mappings.len; i++) {
        Str file = p->mappings.v[i].file;
        size_t deleted = str_find(file, STR("(deleted)"));
        if (deleted != STR_NONE)
            file = str_join2(p->arena, str_to(file, deleted), str_from(file, deleted + 9));
        file = str_trim(file);
        if (file.len == 0 || file.ptr[0] == '[' || regex_match(library, file)) continue;
        ProfileMapping first = p->mappings.v[1];
        p->mappings.v[1] = p->mappings.v[i];
        p->mappings.v[i] = first;
        return;
    }
}

static bool adjacent(const ProfileMapping *x, const ProfileMapping *y) {
    if (x->file.len && y->file.len && !str_eq(x->file, y->file)) return false;
    if (x->build_id.len && y->build_id.len && !str_eq(x->build_id, y->build_id)) return false;
    if (x->limit != y->start) return false;
    return !(x->offset && y->offset) || x->offset + (x->limit - x->start) == y->offset;
}

static void join_adjacent(Profile *p) {
    uint32_t to = 1;
    for (uint32_t i = 2; i < p->mappings.len; i++) {
        ProfileMapping *last = &p->mappings.v[to], *m = &p->mappings.v[i];
        if (!adjacent(last, m)) {
            p->mappings.v[++to] = *m;
            continue;
        }
        last->limit = m->limit;
        if (m->file.len) last->file = m->file;
        if (m->build_id.len) last->build_id = m->build_id;
    }
    if (p->mappings.len > 1) p->mappings.len = to + 1;
}

#define C_HEX "(?:0x)?([[:xdigit:]]+)"
#define C_RANGE "\\s*" C_HEX "[\\s-]?\\s*" C_HEX ":?"
#define C_PERM "(?:\\s+([-rwxp]+))?"
#define C_WORD "(?:\\s+(\\S+))?"

// One line of the map: 1 a mapping, 0 none, -1 not understood.
static int map_line(Legacy *g, Str line, const Regex *proc, const Regex *brief,
                    ProfileMapping *out) {
    Str m[MAX_GROUPS], perm, offset, file, build = STR("");
    if (regex_groups(proc, line, m, 6)) {
        perm = m[3], offset = m[4], file = m[5];
    } else if (regex_groups(brief, line, m, 7)) {
        perm = m[3], file = m[4], offset = m[5], build = m[6];
    } else {
        return -1;
    }
    if (perm.len && str_find_byte(perm, 'x') == STR_NONE) return 0;
    *out = (ProfileMapping){.file = file, .build_id = build};
    if (!profile_hex(m[1], &out->start) || !profile_hex(m[2], &out->limit)) return -1;
    if (offset.len && !profile_hex(offset, &out->offset)) return -1;
    (void)g;
    return 1;
}

// "$name" of an earlier "name=value" line is replaced in later ones.
static Str expand(Legacy *g, const StrVec *names, const StrVec *values, Str line) {
    if (names->len == 0 || str_find_byte(line, '$') == STR_NONE) return line;
    Buf b = buf_new(g->arena);
    while (line.len) {
        uint32_t i = 0;
        while (i < names->len && !str_starts(line, names->v[i])) i++;
        if (i < names->len) {
            buf_str(&b, values->v[i]);
            line = str_from(line, names->v[i].len);
        } else {
            buf_byte(&b, line.ptr[0]);
            line = str_from(line, 1);
        }
    }
    return buf_view(&b);
}

static Err read_map(Legacy *g) {
    Regex *proc = expr(g, "^" C_RANGE C_PERM "(?:\\s+([[:xdigit:]]+))?"
                          "\\s+[[:xdigit:]]+:[[:xdigit:]]+\\s+[[:digit:]]+" C_WORD);
    Regex *brief = expr(g, "^" C_RANGE C_PERM C_WORD "(?:\\s+\\(@([[:xdigit:]]+)\\))?"
                           "(?:\\s+([[:xdigit:]]+))?");
    Regex *log = expr(g, "^[^\\[\\]]+:[0-9]+]\\s");
    StrVec names = {0}, values = {0};
    while (next_line(&g->in)) {
        Str m[MAX_GROUPS], line = g->in.line;
        if (regex_groups(log, line, m, 1)) line = str_from(line, m[0].len);
        line = expand(g, &names, &values, line);
        ProfileMapping map;
        int kind = map_line(g, line, proc, brief, &map);
        if (kind > 0) vec_push(g->arena, &g->p->mappings, map);
        size_t eq = str_find_byte(line, '=');
        if (kind >= 0 || eq == STR_NONE) continue;
        vec_push(g->arena, &names, str_join2(g->arena, STR("$"), str_trim(str_to(line, eq))));
        vec_push(g->arena, &values, str_trim(str_from(line, eq + 1)));
    }
    return line_err(g);
}

// Which mapping an address is in; the first part of a split mapping is guessed from its offset.
static uint32_t mapping_of(Profile *p, uint64_t a) {
    for (uint32_t i = 1; i < p->mappings.len; i++)
        if (p->mappings.v[i].start <= a && a < p->mappings.v[i].limit) return i;
    for (uint32_t i = 1; i < p->mappings.len; i++) {
        ProfileMapping *m = &p->mappings.v[i];
        if (m->offset == 0 || m->start - m->offset > a || a >= m->start) continue;
        m->start -= m->offset;
        m->offset = 0;
        return i;
    }
    return 0;
}

static void place_locations(Profile *p) {
    ProfileMapping *first = p->mappings.len > 1 ? &p->mappings.v[1] : NULL;
    if (first && str_starts(first->file, STR("/anon_hugepage")) && p->mappings.len > 2 &&
        first->limit == p->mappings.v[2].start) {
        memmove(first, first + 1, (p->mappings.len - 2) * sizeof *first);
        p->mappings.len--;
    }
    if (first && first->start - first->offset == 0x400000) {
        first->start = 0x400000;
        first->offset = 0;
    }
    uint32_t fake = 0;
    for (uint32_t i = 1; i < p->locations.len; i++) {
        ProfileLocation *l = &p->locations.v[i];
        if (l->address == 0) continue;
        l->mapping = mapping_of(p, l->address);
        if (l->mapping) continue;
        if (!fake) {
            vec_push(p->arena, &p->mappings, ((ProfileMapping){.limit = UINT64_MAX}));
            fake = p->mappings.len - 1;
        }
        l->mapping = fake;
    }
}

// ---- putting the profile together

// Locations no sample names are dropped, the others numbered in order of use.
static void renumber(Legacy *g) {
    Profile *p = g->p;
    uint32_t *place = NEW_ARRAY(g->arena, uint32_t, p->locations.len), n = 0;
    ProfileLocation *kept = NEW_ARRAY(g->arena, ProfileLocation, p->locations.len);
    for (uint32_t i = 0; i < g->samples.len; i++)
        for (uint32_t k = 0; k < g->samples.v[i].depth; k++) {
            uint32_t *at = &g->stacks.v[g->samples.v[i].first + k];
            if (!place[*at]) {
                place[*at] = ++n;
                kept[n] = p->locations.v[*at];
            }
            *at = place[*at];
        }
    p->locations.v = kept;
    p->locations.len = n + 1;
    p->locations.cap = n + 1;
}

static void write_samples(Legacy *g) {
    Profile *p = g->p;
    SampleSink sink = sink_new(p);
    Buf label = buf_new(g->arena);
    for (uint32_t i = 0; i < g->samples.len; i++) {
        OldSample *s = &g->samples.v[i];
        label.len = 0;
        if (g->block_sizes) {
            ProfileLabel one = {.key = STR("bytes"), .number = s->block_size, .numeric = true};
            ProfileLabelVec list = {&one, 1, 1};
            sink_labels(&sink, &list, &label);
        }
        const uint32_t *stack = s->depth ? g->stacks.v + s->first : NULL;
        sink_add(&sink, stack, s->depth, s->values, buf_view(&label));
    }
    sink_finish(&sink);
    p->zero_labels = true;
}

// Frames of the allocator and the profiler itself, as pprof hides them in these older forms.
#define DROP_ALLOC                                                                                 \
    "calloc|cfree|malloc|free|memalign|do_memalign|(__)?posix_memalign|pvalloc|valloc|realloc|"    \
    "tcmalloc::.*|tc_calloc|tc_cfree|tc_malloc|tc_free|tc_memalign|tc_posix_memalign|tc_pvalloc|"  \
    "tc_valloc|tc_realloc|tc_new|tc_delete|tc_newarray|tc_deletearray|tc_new_nothrow|"             \
    "tc_newarray_nothrow|malloc_zone_malloc|malloc_zone_calloc|malloc_zone_valloc|"                \
    "malloc_zone_realloc|malloc_zone_memalign|malloc_zone_free|runtime\\..*|BaseArena::.*|"        \
    "(::)?do_malloc_no_errno|(::)?do_malloc_pages|(::)?do_malloc|DoSampledAllocation|"             \
    "MallocedMemBlock::MallocedMemBlock|_M_allocate|__builtin_(vec_)?delete|"                      \
    "__builtin_(vec_)?new|__gnu_cxx::new_allocator::allocate|__libc_malloc|"                       \
    "__malloc_alloc_template::allocate|allocate|cpp_alloc|operator new(\\[\\])?|"                  \
    "simple_alloc::allocate"
#define KEEP_ALLOC "runtime\\.panic|runtime\\.reflectcall|runtime\\.call[0-9]*"
#define DROP_LOCK                                                                                  \
    "RecordLockProfileData|(base::)?RecordLockProfileData.*|(base::)?SubmitMutexProfileData.*|"    \
    "(base::)?SubmitSpinLockProfileData.*|(base::Mutex::)?AwaitCommon.*|"                          \
    "(base::Mutex::)?Unlock.*|(base::Mutex::)?UnlockSlow.*|(base::Mutex::)?ReaderUnlock.*|"        \
    "(base::MutexLock::)?~MutexLock.*|(Mutex::)?AwaitCommon.*|(Mutex::)?Unlock.*|"                 \
    "(Mutex::)?UnlockSlow.*|(Mutex::)?ReaderUnlock.*|(MutexLock::)?~MutexLock.*|"                  \
    "(SpinLock::)?Unlock.*|(SpinLock::)?SlowUnlock.*|(SpinLockHolder::)?~SpinLockHolder.*"
#define DROP_PROFILER                                                                              \
    "ProfileData::Add|ProfileData::prof_handler|CpuProfiler::prof_handler|__pthread_sighandler|"   \
    "__restore"

static bool has_type(const Profile *p, const char *name) {
    for (uint32_t i = 0; i < p->types.len; i++)
        if (str_eq_c(p->types.v[i].type, name)) return true;
    return false;
}

static Err finish(Legacy *g) {
    Profile *p = g->p;
    join_adjacent(p);
    main_first(p, expr(g, "([.]so$|[.]so[._][0-9]+)"));
    renumber(g);
    place_locations(p);
    profile_number(p);
    write_samples(g);
    if (has_type(p, "space") || has_type(p, "inuse_space")) {
        p->drop_frames = STR(DROP_ALLOC);
        p->keep_frames = STR(KEEP_ALLOC);
    } else {
        p->drop_frames = has_type(p, "delay") ? STR(DROP_LOCK) : STR(DROP_PROFILER);
    }
    return NULL;
}

// Sections between the samples and the map are passed over.
static Err rest(Legacy *g) {
    while (!map_sentinel(g->in.line) && next_line(&g->in)) {}
    TRY(line_err(g));
    return read_map(g);
}

// ---- heap

typedef struct HeapForm {
    bool unsample, has_alloc;
    Regex *sample;
} HeapForm;

static bool heap_header(Legacy *g, Str line, HeapForm *form) {
    Profile *p = g->p;
    Regex *heap = expr(g, "heap profile: *(\\d+): *(\\d+) *\\[ *(\\d+): *(\\d+) *\\] *@ *"
                          "(heap[_a-z0-9]*)/?(\\d*)");
    Regex *other = expr(g, "heap profile: *(\\d+): *(\\d+) *\\[ *(\\d+): *(\\d+) *\\] @ "
                           "(growth|fragmentation)z?");
    Str m[MAX_GROUPS];
    *form = (HeapForm){0};
    p->period = 1;
    if (!regex_groups(heap, line, m, 7)) return regex_groups(other, line, m, 1);
    p->period = 0;
    if (m[6].len && !str_to_i64(m[6], &p->period)) return false;
    form->has_alloc = (!str_eq(m[3], m[1]) && !str_eq(m[3], STR("0"))) ||
                      (!str_eq(m[4], m[2]) && !str_eq(m[4], STR("0")));
    form->unsample = true;
    if (str_eq(m[5], STR("heapz_v2")) || str_eq(m[5], STR("heap_v2"))) return true;
    if (str_eq(m[5], STR("heap"))) {
        p->period /= 2;
        return true;
    }
    p->period = 1;
    form->unsample = false;
    return str_eq(m[5], STR("heapprofile"));
}

// What was sampled stands for more: a block of s bytes is seen with probability 1-exp(-s/rate).
static void unsample(int64_t *count, int64_t *size, int64_t rate) {
    if (*count == 0 || *size == 0) {
        *count = *size = 0;
        return;
    }
    if (rate <= 1) return;
    double average = (double)*size / (double)*count;
    double scale = 1 / (1 - exp(-average / (double)rate));
    *count = (int64_t)((double)*count * scale);
    *size = (int64_t)((double)*size * scale);
}

// Two columns: objects and bytes of one kind.
static Err heap_values(Legacy *g, const Str m[2], bool scale, OldSample *s, int64_t *out) {
    for (int i = 0; i < 2; i++)
        if (!str_to_i64(m[i], &out[i]))
            return err_new(g->arena, ERR_FORMAT, 0,
                           "strconv.ParseInt: parsing \"" STR_FMT "\": value out of range",
                           STR_ARG(m[i]));
    if (out[0] == 0 && out[1] != 0) return err_new(g->arena, ERR_FORMAT, 0, " count was 0");
    if (out[0] == 0) return NULL;
    s->block_size = out[0] == -1 ? (int64_t)(0 - (uint64_t)out[1]) : out[1] / out[0];
    if (scale) unsample(&out[0], &out[1], g->p->period);
    return NULL;
}

// Words the reason a column was refused as pprof does.
static Err bad_column(Legacy *g, Err err, Str line, const char *kind, int64_t bytes) {
    if (str_eq(err->what, STR(" count was 0")))
        return err_new(g->arena, ERR_FORMAT, 0, "%s count was 0 but %s bytes was %lld", kind, kind,
                       (long long)bytes);
    return err_wrap(g->arena, err, "malformed sample: " STR_FMT, STR_ARG(line));
}

static Err heap_sample(Legacy *g, const HeapForm *form) {
    Str line = str_trim(g->in.line), m[MAX_GROUPS];
    if (!regex_groups(form->sample, line, m, 6))
        return err_new(g->arena, ERR_FORMAT, 0,
                       "unexpected number of sample values: got 0, want 6");
    OldSample s = {0};
    if (form->has_alloc) {
        Err err = heap_values(g, m + 3, form->unsample, &s, s.values);
        if (err) return bad_column(g, err, line, "allocation", s.values[1]);
    }
    int64_t *inuse = s.values + (form->has_alloc ? 2 : 0);
    Err err = heap_values(g, m + 1, form->unsample, &s, inuse);
    if (err) return bad_column(g, err, line, "inuse", inuse[1]);
    err = push_stack(g, &s, m[5], false);
    if (err) return err_wrap(g->arena, err, "malformed sample: " STR_FMT, STR_ARG(line));
    vec_push(g->arena, &g->samples, s);
    return NULL;
}

static Err parse_heap(Legacy *g) {
    if (!next_line(&g->in)) return g->in.too_long ? line_err(g) : unrecognized(g);
    HeapForm form;
    if (!heap_header(g, g->in.line, &form)) return unrecognized(g);
    g->p->period_type = (ProfileType){STR("space"), STR("bytes")};
    static const char *const all[][2] = {{"alloc_objects", "count"},
                                         {"alloc_space", "bytes"},
                                         {"inuse_objects", "count"},
                                         {"inuse_space", "bytes"}};
    static const char *const two[][2] = {{"objects", "count"}, {"space", "bytes"}};
    set_types(g, form.has_alloc ? all : two, form.has_alloc ? 4 : 2);
    g->block_sizes = true;
    form.sample = expr(g, "(-?\\d+): *(-?\\d+) *\\[ *(\\d+): *(\\d+) *] @([ x0-9a-f]*)");
    while (next_line(&g->in)) {
        if (blank_or_comment(g->in.line)) continue;
        if (map_sentinel(g->in.line)) break;
        TRY(heap_sample(g, &form));
    }
    TRY(line_err(g));
    return rest(g);
}

// ---- counts, threads, contention

// Comments before the header are passed over.
static Err header_line(Legacy *g) {
    while (next_line(&g->in) && blank_or_comment(g->in.line)) {}
    return line_err(g);
}

static Err parse_count(Legacy *g) {
    TRY(header_line(g));
    Str m[MAX_GROUPS];
    if (!regex_groups(expr(g, "\\A(\\S+) profile: total \\d+\\z"), g->in.line, m, 2))
        return unrecognized(g);
    g->p->period_type = (ProfileType){m[1], STR("count")};
    g->p->period = 1;
    vec_push(g->arena, &g->p->types, g->p->period_type);
    Regex *re = expr(g, "\\A(\\d+) @(( 0x[0-9a-f]+)+)\\z");
    while (next_line(&g->in)) {
        if (blank_or_comment(g->in.line)) continue;
        if (str_starts(g->in.line, STR("---"))) break;
        OldSample s = {0};
        if (!regex_groups(re, g->in.line, m, 3) || !str_to_i64(m[1], &s.values[0]))
            return malformed(g);
        if (push_stack(g, &s, m[2], false)) return malformed(g);
        vec_push(g->arena, &g->samples, s);
    }
    TRY(line_err(g));
    return rest(g);
}

// Collects one thread's addresses up to the next "---" line; none: same as the thread before. That
// line, or the file's last one, is looked at next.
static Err thread_sample(Legacy *g, OldSample *s, bool *same) {
    Buf text = buf_new(g->arena);
    Str line = STR("");
    *same = false;
    while (next_line(&g->in)) {
        line = str_trim(g->in.line);
        if (line.len == 0) continue;
        if (str_starts(line, STR("---"))) break;
        if (str_find(line, STR("same as previous thread")) != STR_NONE)
            *same = true;
        else if (!*same || line.len) {
            buf_str(&text, line);
            buf_byte(&text, ' ');
        }
    }
    TRY(line_err(g));
    g->in.line = line;
    if (*same) return NULL;
    Err err = push_stack(g, s, buf_view(&text), true);
    return err ? err_wrap(g->arena, err, "malformed sample") : NULL;
}

static Err parse_thread(Legacy *g) {
    TRY(header_line(g));
    Regex *all = expr(g, "--- threadz \\d+ ---");
    Regex *one = expr(g, "--- Thread ([[:xdigit:]]+) \\(name: (.*)/(\\d+)\\) stack: ---");
    Str m[MAX_GROUPS];
    if (regex_groups(all, g->in.line, m, 1)) {
        while (next_line(&g->in) && !map_sentinel(g->in.line) &&
               !str_starts(g->in.line, STR("-"))) {}
    } else if (!regex_groups(one, g->in.line, m, 4)) {
        return unrecognized(g);
    }
    static const char *const types[][2] = {{"thread", "count"}};
    set_types(g, types, 1);
    g->p->period_type = g->p->types.v[0];
    g->p->period = 1;
    while (!map_sentinel(g->in.line) && !str_starts(g->in.line, STR("---- no stack trace for"))) {
        if (!regex_groups(one, g->in.line, m, 4)) return unrecognized(g);
        OldSample s = {.values = {1}};
        bool same;
        TRY(thread_sample(g, &s, &same));
        if (same || s.depth == 0) {
            if (g->samples.len) vec_last(&g->samples).values[0]++;
        } else {
            vec_push(g->arena, &g->samples, s);
        }
    }
    return rest(g);
}

typedef struct Contention {
    int64_t cycles_hz;
    Regex *sample;
} Contention;

// "cycles/second = 3400000000" and the like, before the samples. False: not this form.
static bool contention_attr(Legacy *g, Contention *c, Str line, size_t eq) {
    Str key = str_trim(str_to(line, eq)), val = str_trim(str_from(line, eq + 1));
    int64_t ms;
    if (str_eq(key, STR("cycles/second"))) return str_to_i64(val, &c->cycles_hz);
    if (str_eq(key, STR("sampling period"))) return str_to_i64(val, &g->p->period);
    if (str_eq(key, STR("discarded samples"))) return true;
    if (!str_eq(key, STR("ms since reset")) || !str_to_i64(val, &ms)) return false;
    g->p->duration_nanos = ms * 1000000;
    return true;
}

static Err contention_sample(Legacy *g, const Contention *c, Str line) {
    Str m[MAX_GROUPS];
    int64_t delay, count;
    if (!regex_groups(c->sample, line, m, 4)) return unrecognized(g);
    if (!str_to_i64(m[1], &delay) || !str_to_i64(m[2], &count))
        return err_new(g->arena, ERR_FORMAT, 0, "malformed sample: " STR_FMT, STR_ARG(line));
    if (g->p->period > 0) {
        if (c->cycles_hz > 0)
            delay = (int64_t)((double)delay * (double)g->p->period / ((double)c->cycles_hz / 1e9));
        count *= g->p->period;
    }
    OldSample s = {.values = {count, delay}};
    Err err = push_stack(g, &s, m[3], false);
    if (err) return err_wrap(g->arena, err, "malformed sample: " STR_FMT, STR_ARG(line));
    vec_push(g->arena, &g->samples, s);
    return NULL;
}

static Err parse_contention(Legacy *g) {
    if (!next_line(&g->in)) return unrecognized(g);
    Str first = g->in.line;
    if (!str_starts(first, STR("--- contentionz ")) && !str_starts(first, STR("--- mutex:")) &&
        !str_starts(first, STR("--- contention:")))
        return unrecognized(g);
    static const char *const types[][2] = {{"contentions", "count"}, {"delay", "nanoseconds"}};
    set_types(g, types, 2);
    g->p->period_type = g->p->types.v[0];
    g->p->period = 1;
    Contention c = {.sample = expr(g, "(\\d+) *(\\d+) @([ x0-9a-f]*)")};
    while (next_line(&g->in)) {
        Str line = str_trim(g->in.line);
        if (blank_or_comment(line)) continue;
        size_t eq = str_find_byte(line, '=');
        if (str_starts(line, STR("---")) || eq == STR_NONE) break;
        if (!contention_attr(g, &c, line, eq)) return unrecognized(g);
    }
    TRY(line_err(g));
    do {
        Str line = str_trim(g->in.line);
        if (str_starts(line, STR("---"))) break;
        if (!blank_or_comment(line)) TRY(contention_sample(g, &c, line));
    } while (next_line(&g->in));
    TRY(line_err(g));
    return rest(g);
}

// ---- the binary CPU form: words of one size and byte order. Where a file is cut in the middle of
// a stack, what is missing of it is 0.

typedef struct Words {
    const uint8_t *at, *end;
    unsigned size;
    bool big, failed;
} Words;

static uint64_t word(Words *w) {
    if (w->failed || w->end - w->at < (ptrdiff_t)w->size) {
        w->failed = true;
        w->at = w->end;
        return 0;
    }
    uint64_t v = 0;
    for (unsigned i = 0; i < w->size; i++)
        v |= (uint64_t)w->at[i] << 8 * (w->big ? w->size - 1 - i : i);
    w->at += w->size;
    return v;
}

static Err cpu_samples(Legacy *g, Words *w) {
    while (w->at < w->end) {
        uint64_t count = word(w), depth = word(w);
        if (w->failed || depth > (uint64_t)(w->end - w->at) / 4) return unrecognized(g);
        OldSample s = {.values = {(int64_t)count, (int64_t)(count * (uint64_t)g->p->period)},
                       .first = g->stacks.len};
        uint64_t first = 0;
        for (uint64_t i = 0; i < depth; i++) {
            uint64_t address = word(w);
            if (i == 0) first = address;
            if (count == 0 && depth == 1 && first == 0) return NULL; // the end mark
            vec_push(g->arena, &g->stacks, location_of(g, address - (i > 0 ? 1 : 0)));
        }
        s.depth = g->stacks.len - s.first;
        vec_push(g->arena, &g->samples, s);
    }
    return NULL;
}

static void remove_frame(Legacy *g, OldSample *s, uint32_t i) {
    uint32_t *stack = g->stacks.v + s->first;
    memmove(stack + i, stack + i + 1, (s->depth - i - 1) * sizeof *stack);
    s->depth--;
}

// A frame nearly all samples have next to the leaf is the signal handler's: up to two are removed.
static void drop_handler(Legacy *g) {
    uint32_t margin = g->samples.len / 32;
    for (int round = 0; round < 2; round++) {
        uint32_t *seen = NEW_ARRAY(g->arena, uint32_t, g->p->locations.len), common = 0;
        for (uint32_t i = 0; i < g->samples.len; i++)
            if (g->samples.v[i].depth > 1) seen[g->stacks.v[g->samples.v[i].first + 1]]++;
        for (uint32_t l = 1; l < g->p->locations.len; l++)
            if (seen[l] && seen[l] >= g->samples.len - margin) common = l;
        if (!common) return;
        for (uint32_t i = 0; i < g->samples.len; i++) {
            OldSample *s = &g->samples.v[i];
            if (s->depth > 1 && g->stacks.v[s->first + 1] == common) remove_frame(g, s, 1);
        }
    }
}

// The leaf may be there twice: from the signal and, moved by one, from the unwinder.
static void drop_double_leaf(Legacy *g) {
    for (uint32_t i = 0; i < g->samples.len; i++) {
        OldSample *s = &g->samples.v[i];
        if (s->depth < 2) continue;
        const uint32_t *stack = g->stacks.v + s->first;
        const ProfileLocation *l = g->p->locations.v;
        if (l[stack[0]].address == l[stack[1]].address + 1) remove_frame(g, s, 1);
    }
}

static Err parse_cpu(Legacy *g) {
    for (unsigned form = 0; form < 4; form++) {
        Words w = {(const uint8_t *)g->in.rest.ptr,
                   (const uint8_t *)g->in.rest.ptr + g->in.rest.len, form < 2 ? 4 : 8,
                   form % 2 == 1, false};
        uint64_t n[5];
        for (int i = 0; i < 5; i++) n[i] = word(&w);
        if (w.failed || n[0] != 0 || n[1] != 3 || n[2] != 0 || (int64_t)n[3] <= 0 || n[4] != 0)
            continue;
        g->p->period = (int64_t)(n[3] * 1000);
        g->p->period_type = (ProfileType){STR("cpu"), STR("nanoseconds")};
        static const char *const types[][2] = {{"samples", "count"}, {"cpu", "nanoseconds"}};
        set_types(g, types, 2);
        TRY(cpu_samples(g, &w));
        drop_handler(g);
        g->in.rest = (Str){(const char *)w.at, (size_t)(w.end - w.at)};
        TRY(read_map(g));
        drop_double_leaf(g);
        return NULL;
    }
    return unrecognized(g);
}

typedef Err Parser(Legacy *g);

static void reset(Legacy *g, Arena *a, Profile *p, Str bytes) {
    for (size_t i = 0; i < g->re_count; i++) regex_free(g->res[i]);
    *p = (Profile){.arena = a};
    vec_push(a, &p->strings, STR(""));
    (void)vec_add(a, &p->mappings);
    (void)vec_add(a, &p->functions);
    (void)vec_add(a, &p->locations);
    *g = (Legacy){.arena = a, .p = p, .in = {.rest = bytes}, .by_address = index_new(a)};
}

Err profile_legacy(Arena *a, Str bytes, Profile *out) {
    static Parser *const parsers[] = {parse_cpu, parse_heap, parse_count, parse_thread,
                                      parse_contention};
    Profile p;
    Legacy g = {0};
    Err err = NULL;
    for (size_t i = 0; i < COUNT(parsers); i++) {
        reset(&g, a, &p, bytes);
        err = parsers[i](&g);
        if (!err || !str_eq(err->what, STR(UNRECOGNIZED))) break;
    }
    if (!err) err = finish(&g);
    for (size_t i = 0; i < g.re_count; i++) regex_free(g.res[i]);
    p.text = bytes;
    if (!err) *out = p;
    return err;
}
