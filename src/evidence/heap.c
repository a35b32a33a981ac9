// A heap profile joined to the findings. Every sample is charged to the line that asked for the
// memory: its first frame outside the runtime, inlined frames resolved. A line is matched by file
// and number; what inlining brought in from outside must stand above it in the same order.
#include "evidence/evidence_internal.h"

typedef struct Frame {
    uint32_t function; // of the profile
    uint32_t line;
    uint32_t file; // place + 1 in Sources.files; 0: not reviewed
} Frame;

typedef struct Node {                       // of the flame graph while it grows
    uint32_t function, parent, first, next; // places + 1; children newest first
    int64_t bytes;
} Node;

typedef struct Join {
    Arena *arena; // scratch
    Arena *out;
    Evidence *e;
    const Profile *p;
    uint32_t *files; // per profile function: Frame.file + 1 once looked up
    Index lines;     // file and line -> place + 1 of a finding
    Index spots;     // of hotspots
    Index children;  // parent and function -> node
    VEC(Node) nodes;
    VEC(Frame) frames; // of the sample, leaf first
    int bytes_at, objects_at;
} Join;

static bool is_runtime(Str func) {
    return str_starts(func, STR("runtime.")) || str_starts(func, STR("internal/runtime/")) ||
           str_starts(func, STR("runtime/internal/"));
}

// --- which file a function of the profile is in ---

// "ex.com/m/pkg.(*T).M" -> "ex.com/m/pkg". The linker writes dots of the last element as %2e.
static Str package_of(Arena *a, Str func) {
    size_t slash = str_rfind_byte(func, '/'), from = slash == STR_NONE ? 0 : slash + 1;
    size_t dot = str_find_byte(str_from(func, from), '.');
    Str path = dot == STR_NONE ? func : str_to(func, from + dot);
    size_t at = str_find(path, STR("%2e"));
    if (at == STR_NONE) return path;
    return str_join3(a, str_to(path, at), STR("."), str_from(path, at + 3));
}

static Str base_of(Str path) { return str_from(path, str_rfind_byte(path, '/') + 1); }

static uint32_t look_up_file(Join *j, const ProfileFunction *f) {
    uint32_t exact = sources_file(j->e->sources, f->file);
    if (exact) return exact;
    Str package = package_of(j->arena, f->name), base = base_of(f->file);
    for (uint32_t i = 0; i < j->e->sources->files.len; i++) {
        const SourceText *t = &j->e->sources->files.v[i];
        const EnginePackage *p = &j->e->engine->packages.v[t->package];
        bool same = str_eq(p->path, package) ||
                    (str_eq(p->name, STR("main")) && str_eq(package, STR("main")));
        if (same && str_eq(base_of(t->path), base)) return i + 1;
    }
    return 0;
}

static uint32_t file_of(Join *j, uint32_t function) {
    if (!j->files[function]) j->files[function] = look_up_file(j, &j->p->functions.v[function]) + 1;
    return j->files[function] - 1;
}

// --- samples ---

static void read_frames(Join *j, const Cursor *c) {
    j->frames.len = 0;
    for (uint32_t i = 0; i < c->depth; i++) {
        const ProfileLocation *l = &j->p->locations.v[c->locations[i]];
        for (uint32_t k = 0; k < l->line_count; k++) {
            const ProfileLine *line = &j->p->lines.v[l->first_line + k];
            if (!line->function) continue;
            Str name = j->p->functions.v[line->function].name;
            if (j->frames.len == 0 && is_runtime(name)) continue;
            Frame f = {line->function, (uint32_t)MAX(line->line, 0), file_of(j, line->function)};
            vec_push(j->arena, &j->frames, f);
        }
    }
}

static uint64_t line_key(uint32_t file, uint32_t line) { return hash_mix(file, line); }

// The frames above `own` are what inlining brought into the finding's line.
static bool same_via(const Join *j, const EvidenceFinding *x, uint32_t own) {
    if (x->via.len != own) return false;
    for (uint32_t i = 0; i < own; i++) {
        const EnginePos *pos = &x->via.v[own - 1 - i];
        const Frame *f = &j->frames.v[i];
        if (pos->line != f->line) return false;
        if (!str_eq(base_of(pos->file), base_of(j->p->functions.v[f->function].file))) return false;
    }
    return true;
}

// Charges a sample to the findings of a line. False: none fits.
static bool charge_line(Join *j, uint32_t own, int64_t bytes, int64_t objects) {
    const Frame *at = &j->frames.v[own];
    uint32_t fits = 0, last = 0;
    for (IndexIter it = index_find(&j->lines, line_key(at->file, at->line)); it.id;
         index_next(&it)) {
        EvidenceFinding *x = &j->e->findings.v[it.id - 1];
        if (x->pos.line != at->line || sources_file(j->e->sources, x->pos.file) != at->file)
            continue;
        if (!same_via(j, x, own)) continue;
        x->bytes += bytes;
        x->objects += objects;
        if (fits++) x->flags |= EVIDENCE_SHARED_LINE;
        if (fits == 2) j->e->findings.v[last].flags |= EVIDENCE_SHARED_LINE;
        last = it.id - 1;
    }
    return fits > 0;
}

static void charge_hotspot(Join *j, const Frame *leaf, const Frame *own, int64_t bytes,
                           int64_t objects) {
    const ProfileFunction *f = &j->p->functions.v[leaf->function];
    uint64_t key = hash_mix(hash_mix(leaf->function, leaf->line),
                            own ? hash_mix(own->function, own->line) : 0);
    EvidenceHotspot *h = NULL;
    Str for_file = own ? j->e->sources->files.v[own->file - 1].path : STR("");
    uint32_t for_line = own ? own->line : 0;
    for (IndexIter it = index_find(&j->spots, key); it.id && !h; index_next(&it)) {
        EvidenceHotspot *x = &j->e->heap.hotspots.v[it.id - 1];
        if (str_eq(x->func, f->name) && x->line == leaf->line && x->for_line == for_line &&
            str_eq(x->for_file, for_file))
            h = x;
    }
    if (!h) {
        h = vec_add(j->out, &j->e->heap.hotspots);
        *h = (EvidenceHotspot){.func = str_copy(j->out, f->name),
                               .file = str_copy(j->out, f->file),
                               .line = leaf->line,
                               .for_file = for_file,
                               .for_line = for_line};
        if (own) h->for_func = str_copy(j->out, j->p->functions.v[own->function].name);
        index_add(&j->spots, key, j->e->heap.hotspots.len);
    }
    h->bytes += bytes;
    h->objects += objects;
}

static void charge(Join *j, int64_t bytes, int64_t objects) {
    uint32_t own = 0;
    while (own < j->frames.len && !j->frames.v[own].file) own++;
    j->e->heap.bytes += bytes;
    j->e->heap.objects += objects;
    if (own < j->frames.len) {
        j->e->heap.ours_bytes += bytes;
        if (charge_line(j, own, bytes, objects)) {
            j->e->heap.joined_bytes += bytes;
            return;
        }
    }
    if (j->frames.len)
        charge_hotspot(j, &j->frames.v[0], own < j->frames.len ? &j->frames.v[own] : NULL, bytes,
                       objects);
}

// --- the flame graph ---

static uint32_t child_node(Join *j, uint32_t parent, uint32_t function) {
    uint64_t key = hash_mix(parent, function);
    for (IndexIter it = index_find(&j->children, key); it.id; index_next(&it))
        if (j->nodes.v[it.id - 1].function == function && j->nodes.v[it.id - 1].parent == parent)
            return it.id;
    Node *n = vec_add(j->arena, &j->nodes);
    uint32_t id = j->nodes.len;
    n->function = function;
    n->parent = parent;
    if (parent) {
        n->next = j->nodes.v[parent - 1].first;
        j->nodes.v[parent - 1].first = id;
    }
    index_add(&j->children, key, id);
    return id;
}

static void grow_flame(Join *j, int64_t bytes) {
    uint32_t at = 0;
    for (uint32_t i = j->frames.len; i-- > 0;) {
        uint32_t function = j->frames.v[i].function;
        at = child_node(j, at, function);
        j->nodes.v[at - 1].bytes += bytes;
    }
}

typedef struct Ordered {
    int64_t bytes;
    uint32_t node;
    Str name;
} Ordered;

static int by_bytes(const void *x, const void *y) {
    const Ordered *p = x, *q = y;
    if (p->bytes != q->bytes) return p->bytes > q->bytes ? -1 : 1;
    return str_cmp(p->name, q->name);
}

// Writes the children of a node (0: the roots), largest first, and what is below each.
static void write_children(Join *j, uint32_t parent, uint32_t parent_out, uint32_t depth) {
    enum { DEEPEST = 400 };
    VEC(Ordered) list = {0};
    if (depth > DEEPEST) return;
    if (parent) {
        for (uint32_t id = j->nodes.v[parent - 1].first; id; id = j->nodes.v[id - 1].next) {
            Ordered o = {j->nodes.v[id - 1].bytes, id, {0}};
            vec_push(j->arena, &list, o);
        }
    } else {
        for (uint32_t i = 0; i < j->nodes.len; i++) {
            Ordered o = {j->nodes.v[i].bytes, i + 1, {0}};
            if (!j->nodes.v[i].parent) vec_push(j->arena, &list, o);
        }
    }
    for (uint32_t i = 0; i < list.len; i++)
        list.v[i].name = j->p->functions.v[j->nodes.v[list.v[i].node - 1].function].name;
    if (list.len) qsort(list.v, list.len, sizeof *list.v, by_bytes);
    for (uint32_t i = 0; i < list.len; i++) {
        if (list.v[i].bytes * 2000 < j->e->heap.bytes) break; // too narrow to be seen
        EvidenceFrame *f = vec_add(j->out, &j->e->heap.frames);
        uint32_t id = j->e->heap.frames.len;
        *f = (EvidenceFrame){str_copy(j->out, list.v[i].name), parent_out, list.v[i].bytes,
                             file_of(j, j->nodes.v[list.v[i].node - 1].function) != 0};
        write_children(j, list.v[i].node, id, depth + 1);
    }
}

// --- all of it ---

static int find_type(const Profile *p, const char *name) {
    for (uint32_t i = 0; i < p->types.len; i++)
        if (str_eq_c(p->types.v[i].type, name)) return (int)i;
    return -1;
}

static int by_weight(const void *x, const void *y) {
    const EvidenceHotspot *p = x, *q = y;
    if (p->bytes != q->bytes) return p->bytes > q->bytes ? -1 : 1;
    int funcs = str_cmp(p->func, q->func);
    if (funcs) return funcs;
    if (p->line != q->line) return p->line < q->line ? -1 : 1;
    int files = str_cmp(p->for_file, q->for_file);
    return files ? files : (int)p->for_line - (int)q->for_line;
}

// What was allocated says more about moves than what happens to live; older profiles lack it.
static Err choose_types(Join *j, Arena *a) {
    bool allocated = find_type(j->p, "alloc_space") >= 0;
    j->bytes_at = find_type(j->p, allocated ? "alloc_space" : "inuse_space");
    j->objects_at = find_type(j->p, allocated ? "alloc_objects" : "inuse_objects");
    if (j->bytes_at < 0 || j->objects_at < 0)
        return err_new(a, ERR_FORMAT, 0,
                       "not a heap profile: it has no alloc_space or inuse_space; "
                       "take one with -memprofile or from /debug/pprof/allocs");
    j->e->heap.type = str_copy(j->out, j->p->types.v[j->bytes_at].type);
    return NULL;
}

static void index_lines(Join *j) {
    for (uint32_t i = 0; i < j->e->findings.len; i++) {
        const EvidenceFinding *x = &j->e->findings.v[i];
        index_add(&j->lines, line_key(sources_file(j->e->sources, x->pos.file), x->pos.line),
                  i + 1);
    }
}

static Err join_samples(Join *j, Arena *a) {
    TRY(choose_types(j, a));
    index_lines(j);
    Cursor c = cursor_new(j->p, j->arena);
    while (cursor_next(&c)) {
        int64_t bytes = c.values[j->bytes_at], objects = c.values[j->objects_at];
        if (bytes <= 0 && objects <= 0) continue;
        cursor_stack(&c);
        read_frames(j, &c);
        charge(j, bytes, objects);
        grow_flame(j, bytes);
    }
    EvidenceHeap *heap = &j->e->heap;
    if (heap->hotspots.len)
        qsort(heap->hotspots.v, heap->hotspots.len, sizeof *heap->hotspots.v, by_weight);
    write_children(j, 0, 0, 0);
    heap->given = true;
    return NULL;
}

Err evidence_add_profile(Arena *a, Evidence *e, const Profile *p) {
    Join j = {.arena = arena_new("profile join"), .out = a, .e = e, .p = p};
    j.files = NEW_ARRAY(j.arena, uint32_t, (size_t)p->functions.len + 1);
    j.lines = index_new(j.arena);
    j.spots = index_new(j.arena);
    j.children = index_new(j.arena);
    Err err = join_samples(&j, a);
    arena_free(j.arena);
    return err;
}
