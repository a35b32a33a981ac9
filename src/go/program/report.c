// go/program/report.c: which of a unit's diagnostics are printed, in which order, and how: as
// cmd/compile/internal/base/print.go keeps and flushes them, and as the go command passes the
// compiler's output on.
#include "go/program/program_internal.h"
#include "sys/file.h"

// The compiler keeps 20 bits of a line and 8 of a column; the largest column is not shown.
enum { LINE_MOST = (1 << 20) - 2, COLUMN_MOST = 255, ERRORS_MOST = 10 };

// Where a position stands for the compiler: its base is the file, or the part of it that follows a
// line directive.
typedef struct Spot {
    const SourceFile *file;
    uint32_t directive; // 0: none, else its place + 1
    uint32_t line, col;
} Spot;

typedef struct Queued {
    ReportLine line;
    Spot spot;
    uint32_t base; // bases are ordered by who came first
} Queued;

typedef struct Queue {
    Arena *arena;
    const Program *program;
    ReportStyle style;
    VEC(Queued) list;
    VEC(Spot) bases;
    Spot last_syntax, last_other;
    Str last_text;
    bool stopped;
    Report *report;
} Queue;

static Spot spot_of(const Program *p, Pos pos) {
    Spot s = {.file = fileset_file(p->files, pos)};
    if (!s.file) return s;
    Place place = pos_physical(p->files, pos);
    uint32_t offset = pos - s.file->base;
    while (s.directive < s.file->directives.len &&
           s.file->directives.v[s.directive].offset <= offset)
        s.directive++;
    s.line = MIN(place.line, (uint32_t)LINE_MOST);
    s.col = place.line >= LINE_MOST ? 0 : MIN(place.col, (uint32_t)COLUMN_MOST);
    return s;
}

static bool same_base(Spot x, Spot y) { return x.file == y.file && x.directive == y.directive; }
static bool same_line(Spot x, Spot y) { return same_base(x, y) && x.line == y.line; }

static uint32_t base_of(Queue *q, Spot s) {
    if (!s.file) return 0;
    uint32_t i = 0;
    while (i < q->bases.len && !same_base(q->bases.v[i], s)) i++;
    if (i == q->bases.len) vec_push(q->arena, &q->bases, s);
    return i + 1;
}

static int queued_cmp(const Queued *x, const Queued *y) {
    if (x->base != y->base) return x->base < y->base ? -1 : 1;
    if (x->spot.line != y->spot.line) return x->spot.line < y->spot.line ? -1 : 1;
    return x->spot.col < y->spot.col ? -1 : x->spot.col > y->spot.col;
}

// Stable: equal positions stay in the order they were reported.
static void sort_queue(Queue *q) {
    Queued *tmp = NEW_ARRAY(q->arena, Queued, q->list.len), *v = q->list.v;
    for (uint32_t width = 1; width < q->list.len; width *= 2) {
        for (uint32_t lo = 0; lo < q->list.len; lo += 2 * width) {
            uint32_t mid = MIN(lo + width, q->list.len), hi = MIN(lo + 2 * width, q->list.len);
            for (uint32_t i = lo, j = mid, k = lo; k < hi; k++)
                tmp[k] = i < mid && (j >= hi || queued_cmp(&v[i], &v[j]) <= 0) ? v[i++] : v[j++];
        }
        memcpy(v, tmp, q->list.len * sizeof *v);
    }
}

// Sorts what is queued and moves it to the report, equal neighbours once.
static void flush(Queue *q) {
    if (!q->style.raw) sort_queue(q);
    const Queued *before = NULL;
    for (uint32_t i = 0; i < q->list.len; i++) {
        const Queued *one = &q->list.v[i];
        bool again = before && str_eq(before->line.text, one->line.text) &&
                     same_line(before->spot, one->spot) && before->spot.col == one->spot.col;
        if (!again || q->style.raw) vec_push(q->arena, &q->report->lines, one->line);
        before = one;
    }
    q->list.len = 0;
}

// One syntax error a line; of other errors, not the same text twice in a row on a line.
static bool left_out(Queue *q, const Diag *d, Spot s) {
    if (str_starts(d->text, STR("syntax error"))) {
        if (s.file && same_line(q->last_syntax, s)) return true;
        q->last_syntax = s;
        return false;
    }
    if (same_line(q->last_other, s) && str_eq(q->last_text, d->text) && q->last_text.len)
        return true;
    q->last_other = s;
    q->last_text = d->text;
    return false;
}

static void queue_error(Queue *q, const Diag *d, ProgramStage stage) {
    Spot s = spot_of(q->program, d->pos);
    uint32_t base = base_of(q, s);
    if (!q->style.raw && left_out(q, d, s)) return;
    Queued one = {{d->pos, d->text, stage, d->code}, s, base};
    vec_push(q->arena, &q->list, one);
    if (q->list.len < ERRORS_MOST || q->style.all || q->style.raw) return;
    flush(q);
    q->stopped = q->report->too_many = true;
    q->report->too_many_pos = d->pos;
}

Report program_report(Arena *a, const Program *p, const ProgramUnit *u, ReportStyle style) {
    Report report = {0};
    if (u->import_failed && !style.import_fail && !style.raw) return report;
    Queue q = {.arena = a, .program = p, .style = style, .report = &report};
    for (int stage = 0; stage < STAGE_COUNT && !q.stopped; stage++) {
        const Diags *d = &u->diags[stage];
        for (uint32_t i = 0; i < d->list.len && !q.stopped; i++)
            queue_error(&q, &d->list.v[i], (ProgramStage)stage);
    }
    flush(&q);
    return report;
}

// ---- as text

static void write_position(Buf *b, const Program *p, Pos pos, ReportStyle style) {
    Place at = style.raw ? pos_physical(p->files, pos) : pos_place(p->files, pos);
    buf_fmt(b, STR_FMT ":%u", STR_ARG(at.file), at.line);
    if (at.col && !style.no_columns && (at.col < COLUMN_MOST || style.raw))
        buf_fmt(b, ":%u", at.col);
}

void program_print_unit(Buf *b, const Program *p, const ProgramUnit *u, ReportStyle style) {
    Report r = program_report(b->arena, p, u, style);
    for (uint32_t i = 0; i < r.lines.len; i++) {
        if (r.lines.v[i].pos) {
            write_position(b, p, r.lines.v[i].pos, style);
            buf_c(b, ": ");
        }
        buf_str(b, r.lines.v[i].text);
        buf_byte(b, '\n');
    }
    if (!r.too_many) return;
    write_position(b, p, r.too_many_pos, style);
    buf_c(b, ": too many errors\n");
}

// s with `from` replaced by `to` after a space, at the start of a line, and after a tab there.
static Str replace_prefix(Arena *a, Str s, Str from, Str to) {
    if (!from.len || str_find(s, from) == STR_NONE) return s;
    Buf b = buf_new(a);
    buf_grow(&b, s.len);
    for (size_t done = 0, i = 0;;) {
        size_t next = str_find(str_from(s, i), from);
        if (next == STR_NONE) {
            buf_str(&b, str_from(s, done));
            break;
        }
        i += next;
        char before = i ? s.ptr[i - 1] : '\n';
        bool start =
            before == '\n' || before == ' ' || (before == '\t' && i > 1 && s.ptr[i - 2] == '\n');
        if (start) {
            buf_str(&b, (Str){s.ptr + done, i - done});
            buf_str(&b, to);
            done = i += from.len;
        } else {
            i++;
        }
    }
    return buf_view(&b);
}

Str program_shorten_paths(Arena *a, Str text, Str dir, Str cwd) {
    while (dir.len) {
        Str relative = path_relative(a, cwd, dir);
        if (relative.len && relative.len < dir.len) text = replace_prefix(a, text, dir, relative);
        Str parent = path_dir(dir);
        if (str_eq(parent, dir)) break;
        dir = parent;
    }
    return text;
}

void program_print_build(Buf *b, const Program *p, const ProgramUnit *u, ReportStyle style) {
    Buf own = buf_new(b->arena);
    program_print_unit(&own, p, u, style);
    if (!own.len) return;
    Str text = program_shorten_paths(b->arena, buf_view(&own), u->dir, dir_current(b->arena));
    buf_fmt(b, "# " STR_FMT "\n" STR_FMT, STR_ARG(u->title), STR_ARG(text));
}
