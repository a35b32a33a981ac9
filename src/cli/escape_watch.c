// cli/escape_watch.c: `heapwise escape --watch`: the packages of the module are analysed one after
// the other, what they import being done, and before each a copy of the process stays behind
// (sys/snapshot.h). After an edit the copy made before that package goes on from there: it reads
// the package anew, then what imports it. Nothing has to be undone, and nothing is analysed twice
// that did not change.
#include "cli/escape_watch.h"

#include <string.h>
#include <unistd.h>

#include "cli/units.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/notify.h"
#include "sys/snapshot.h"

enum {
    COPIES_MAX = 256,
    SETTLE_MS = 3 // editors write in steps
};

typedef struct Watch {
    Arena *arena;
    Program *program;
    const PackageSet *set;
    uint32_t count;
    bool *later;     // by unit: may change
    bool *done;      // by unit: is analysed, in this process
    U32Vec order;    // those that may change, imports first
    U32Vec taken_at; // by copy: place in order
    Snapshots copies;
    Buf *text;             // by unit: what is printed of it now
    bool *edited;          // by unit: other than when the copies were made
    PackageSource *source; // by unit: when the copies were made
    Notify notify;
    // The answer under way.
    Arena *scratch;
    SnapshotAnswer answer;
    bool answering, told;
    bool *now; // by unit: changed since the last answer
    bool rest; // another copy is to be asked for the rest
    uint32_t rest_from;
    uint64_t asked_ns;
    uint32_t analysed;
    NotifyChanges changes; // read while an answer was under way
} Watch;

// ---- in a copy: what an edit means

// Analyses unit i, and before it what it imports and is not analysed yet.
static void reach(Watch *w, uint32_t i) {
    if (w->done[i] || !w->later[i]) return;
    w->done[i] = true;
    uint32_t from;
    for (uint32_t k = 0; program_imports(w->program, i, k, &from); k++) reach(w, from);
    program_run_unit(w->program, i);
}

static void say(Watch *w, uint32_t i) {
    reach(w, i);
    Buf b = buf_new(w->scratch);
    buf_str(&b, (Str){(const char *)&i, sizeof i});
    escape_print_unit(w->program, program_unit(w->program, i), &b);
    snapshot_say(buf_view(&b));
}

// What was edited, or changed back, and all that imports it.
static bool *affected_by(const Watch *w) {
    bool *affected = NEW_ARRAY(w->scratch, bool, w->count);
    for (uint32_t k = 0; k < w->order.len; k++) {
        uint32_t i = w->order.v[k], from;
        affected[i] = w->edited[i] || w->now[i];
        for (uint32_t n = 0; program_imports(w->program, i, n, &from); n++)
            affected[i] |= affected[from];
    }
    return affected;
}

// The question is two lists of flags by unit, changed now and edited at all, and whether more than
// the former is asked for. Those are answered first.
static void answer(void *ctx, Str question) {
    Watch *w = ctx;
    w->scratch = arena_new("answer");
    memcpy(w->now, question.ptr, w->count);
    memcpy(w->edited, question.ptr + w->count, w->count);
    bool all = question.ptr[2 * (size_t)w->count];
    const bool *affected = affected_by(w);
    for (uint32_t k = 0; k < w->order.len; k++)
        if (w->now[w->order.v[k]]) say(w, w->order.v[k]);
    for (uint32_t k = 0; all && k < w->order.len && !snapshot_waived(); k++) {
        uint32_t i = w->order.v[k];
        if (affected[i] && !w->now[i]) say(w, i);
    }
}

// ---- the first time

static bool is_local(const ProgramUnit *u) {
    const LoadModule *m = u->package->module;
    return m && m->dir.len && !m->version.len;
}

// Packages of main modules and of directories; where there is none, those that were asked for.
static void find_later(Watch *w) {
    bool any = false;
    for (uint32_t i = 0; i < w->count; i++)
        any |= w->later[i] = is_local(program_unit(w->program, i));
    for (uint32_t i = 0; !any && i < w->count; i++) w->later[i] = program_unit(w->program, i)->root;
}

static void set_text(Watch *w, uint32_t i, Str text) {
    if (w->text[i].arena) arena_free(w->text[i].arena);
    w->text[i] = buf_new(arena_new("unit's text"));
    buf_str(&w->text[i], text);
}

static Err take_copies(Watch *w) {
    uint32_t gap = 1 + w->order.len / COPIES_MAX;
    for (uint32_t k = 0; k < w->order.len; k++) {
        if (k % gap == 0) {
            TRY(snapshot_take(w->arena, &w->copies, answer, w));
            vec_push(w->arena, &w->taken_at, k);
        }
        reach(w, w->order.v[k]);
    }
    return NULL;
}

static Err run_all(Watch *w) {
    find_later(w);
    program_run_but(w->program, w->later);
    for (uint32_t i = 0; i < w->count; i++)
        if (w->later[i]) vec_push(w->arena, &w->order, i);
    TRY(take_copies(w));
    for (uint32_t i = 0; i < w->count; i++) {
        Buf b = buf_new(w->scratch);
        escape_print_unit(w->program, program_unit(w->program, i), &b);
        set_text(w, i, buf_view(&b));
    }
    return NULL;
}

// Where go.mod files lie; those of packages are called by their units afterwards.
static Err watch_modules(Watch *w) {
    for (uint32_t k = 0; k < w->order.len; k++) {
        const LoadModule *m = program_unit(w->program, w->order.v[k])->package->module;
        if (m && m->dir.len) TRY(notify_dir(w->arena, &w->notify, m->dir, w->count));
    }
    return NULL;
}

static Err watch_directories(Watch *w) {
    TRY(notify_new(w->arena, &w->notify));
    TRY(watch_modules(w));
    for (uint32_t k = 0; k < w->order.len; k++) {
        uint32_t i = w->order.v[k];
        const Package *pkg = program_unit(w->program, i)->package;
        w->source[i] = package_source(pkg);
        TRY(notify_dir(w->arena, &w->notify, pkg->dir, i));
    }
    return NULL;
}

// ---- after an edit

// All is to be found anew: the same command takes our place.
static Err start_anew(Watch *w, Str why) {
    Str words;
    char *argv[4096];
    uint32_t n = 0;
    fprintf(stderr, "heapwise: " STR_FMT ": everything is read anew\n", STR_ARG(why));
    snapshots_drop(&w->copies);
    TRY(file_read(w->arena, STR("/proc/self/cmdline"), &words));
    while (words.len && n + 1 < COUNT(argv)) {
        argv[n++] = str_to_c(w->arena, str_to(words, strlen(words.ptr)));
        words = str_from(words, strlen(words.ptr) + 1);
    }
    argv[n] = NULL;
    execv("/proc/self/exe", argv);
    return err_io(w->arena, "start", STR("heapwise"));
}

static bool is_module_file(Str name) {
    return str_eq_c(name, "go.mod") || str_eq_c(name, "go.sum") || str_eq_c(name, "go.work");
}

static bool is_source(Str name) {
    static const char *const ends[] = {".go", ".s", ".S", ".c", ".h", ".syso"};
    for (size_t i = 0; i < COUNT(ends); i++)
        if (str_ends(name, str_c(ends[i]))) return !str_ends(name, STR("_test.go"));
    return false;
}

// Packages built for a profile share a directory.
static bool mark_directory(Watch *w, Str dir) {
    bool known = true;
    for (uint32_t k = 0; k < w->order.len; k++) {
        uint32_t i = w->order.v[k];
        const Package *pkg = program_unit(w->program, i)->package;
        if (!str_eq(pkg->dir, dir)) continue;
        PackageSource s = package_source(pkg);
        if (!s.broken) known &= s.facts == w->source[i].facts;
        w->edited[i] = s.broken || s.content != w->source[i].content;
        w->now[i] = true;
    }
    return known;
}

static Err mark_changes(Watch *w, bool *any) {
    *any = false;
    memset(w->now, 0, w->count);
    for (uint32_t i = 0; i < w->changes.len; i++) {
        Str name = w->changes.v[i].name;
        if (is_module_file(name))
            return start_anew(w, str_join2(w->scratch, name, STR(" changed")));
        if (!is_source(name) || w->changes.v[i].dir >= w->count) continue;
        Str dir = program_unit(w->program, w->changes.v[i].dir)->package->dir;
        if (!mark_directory(w, dir))
            return start_anew(w, str_fmt(w->scratch, STR_FMT "/" STR_FMT " changes what is built",
                                         STR_ARG(dir), STR_ARG(name)));
        *any = true;
    }
    w->changes.len = 0;
    return NULL;
}

// The last copy made before the first of units, or of others.
static uint32_t copy_before(const Watch *w, const bool *units, const bool *others) {
    uint32_t first = 0, copy = 0;
    while (!units[w->order.v[first]] && !others[w->order.v[first]]) first++;
    while (copy + 1 < w->taken_at.len && w->taken_at.v[copy + 1] <= first) copy++;
    return copy;
}

// What was edited of what the units changed now import.
static const bool *edited_below(const Watch *w) {
    bool *below = NEW_ARRAY(w->scratch, bool, w->count),
         *out = NEW_ARRAY(w->scratch, bool, w->count);
    for (uint32_t k = w->order.len; k--;) {
        uint32_t i = w->order.v[k], from;
        below[i] |= w->now[i];
        out[i] = below[i] && w->edited[i];
        for (uint32_t n = 0; below[i] && program_imports(w->program, i, n, &from); n++)
            below[from] = true;
    }
    return out;
}

static Err ask(Watch *w, uint32_t copy, bool all) {
    Buf question = buf_new(w->scratch);
    buf_str(&question, (Str){(const char *)w->now, w->count});
    buf_str(&question, (Str){(const char *)w->edited, w->count});
    buf_byte(&question, all);
    w->answering = true;
    Err gone = snapshot_ask(w->scratch, &w->copies, copy, buf_view(&question), &w->answer);
    return gone ? start_anew(w, gone->what) : NULL;
}

// First what was changed now, by the copy that can say it soonest, then all that is other than when
// the copies were made, unless that copy can say it as well.
static Err ask_first(Watch *w) {
    uint32_t soonest = copy_before(w, w->now, edited_below(w));
    w->rest_from = copy_before(w, w->now, w->edited);
    w->rest = w->rest_from != soonest;
    w->analysed = 0;
    return ask(w, soonest, !w->rest);
}

// Until there is something to answer.
static Err next_change(Watch *w) {
    for (bool any = false; !any;) {
        arena_free(w->scratch);
        w->scratch = arena_new("change");
        if (!w->changes.len) TRY(notify_wait(w->arena, &w->notify, -1, SETTLE_MS, &w->changes));
        w->asked_ns = clock_ns() - SETTLE_MS * (uint64_t)1000000;
        TRY(mark_changes(w, &any));
    }
    return ask_first(w);
}

static Err end_answer(Watch *w) {
    w->answering = false;
    if (w->answer.failed) return start_anew(w, STR("the analysis did not end"));
    if (w->rest && !w->changes.len) {
        w->rest = false;
        return ask(w, w->rest_from, true);
    }
    fprintf(stderr, "heapwise: %u %s analysed, %.0f ms after the edit\n", w->analysed,
            w->analysed == 1 ? "package" : "packages", (double)(clock_ns() - w->asked_ns) / 1e6);
    return NULL;
}

// A package's text where it is what was edited, or differs from what it was.
static void take_message(Watch *w, Str message, Buf *piece) {
    uint32_t i;
    memcpy(&i, message.ptr, sizeof i);
    Str text = str_from(message, sizeof i);
    w->analysed++;
    if (!w->now[i] && str_eq(text, buf_view(&w->text[i]))) return;
    set_text(w, i, text);
    buf_str(piece, text);
}

static Err next_piece(void *ctx, Buf *piece, bool *more) {
    Watch *w = ctx;
    Str message;
    *more = true;
    if (!w->told)
        fprintf(stderr, "heapwise: %u packages are watched; interrupt to end\n", w->order.len);
    w->told = true;
    if (!w->answering) TRY(next_change(w));
    if (!snapshot_next(w->scratch, &w->answer, &message)) return end_answer(w);
    take_message(w, message, piece);
    if (!notify_waiting(&w->notify)) return NULL;
    TRY(notify_wait(w->arena, &w->notify, 0, SETTLE_MS, &w->changes));
    snapshot_waive(&w->answer);
    while (snapshot_next(w->scratch, &w->answer, &message)) take_message(w, message, piece);
    return end_answer(w);
}

Err escape_watch(Cli *cli, const ProgramConfig *config, const PackageSet *set, Status *status) {
    Watch *w = NEW(cli->arena, Watch);
    *w = (Watch){.arena = cli->arena, .set = set, .scratch = arena_new("watch")};
    w->program = program_new(config);
    TRY(program_add_packages(w->program, set));
    w->count = program_unit_count(w->program);
    w->later = NEW_ARRAY(w->arena, bool, w->count + 1);
    w->done = NEW_ARRAY(w->arena, bool, w->count + 1);
    w->now = NEW_ARRAY(w->arena, bool, w->count + 1);
    w->edited = NEW_ARRAY(w->arena, bool, w->count + 1);
    w->source = NEW_ARRAY(w->arena, PackageSource, w->count + 1);
    w->text = NEW_ARRAY(w->arena, Buf, w->count + 1);
    TRY(run_all(w));
    TRY(watch_directories(w));
    for (uint32_t i = 0; i < w->count; i++) {
        doc_verbatim(cli->doc, buf_view(&w->text[i]));
        unit_say_missing(cli, program_unit(w->program, i), status);
    }
    doc_stream(cli->doc, (DocStream){w, next_piece});
    return NULL;
}
