// gc/gctrace.c: gctrace lines out of a stream in which other text may stand anywhere.
//
// The runtime writes one line with some forty write calls, so whatever else the process writes to
// the same pipe falls between them (but never inside one call). A line is therefore a list of
// tokens, each unbroken, with foreign text between any two. The foreign text is nearly always whole
// lines; only when no reading with whole lines exists is text without a line end tried as well.
//
// Formats: Go 1.18 to 1.27, runtime/mgc.go (gcMarkTermination), mgcpacer.go (endCycle) and
// mgcmark_greenteagc.go (dumpScanStats); the runtime holds its print lock over a line, so lines of
// the runtime never stand inside each other.
#include <math.h>

#include "gc/gc.h"

typedef enum TokenKind {
    TOKEN_TEXT,
    TOKEN_INT,     // decimal digits
    TOKEN_SIGNED,  // with a minus sign perhaps
    TOKEN_SECONDS, // digits and three decimals
    TOKEN_MS,      // two digits that count, or whole: 0, 0.059, 0.10, 1.0, 18, 191
    TOKEN_FLOAT,   // as print writes one: +1.234560e-001
} TokenKind;

typedef struct Token {
    TokenKind kind;
    bool optional; // TOKEN_TEXT only: absent is fine and gives the value 0
    Str text;
} Token;

#define T(lit)                                                                                     \
    { TOKEN_TEXT, false, STR_INIT(lit) }
#define OPT(lit)                                                                                   \
    { TOKEN_TEXT, true, STR_INIT(lit) }
#define V(kind)                                                                                    \
    { TOKEN_##kind, false, STR_INIT("") }

enum { TOKENS_MAX = 44 };

// clang-format off
static const Token gc_line[] = {
    T("gc "), V(INT), T(" @"), V(SECONDS), T("s "), V(INT), T("%"),
    OPT(" (checking for goroutine leaks)"), T(": "),
    V(MS), T("+"), V(MS), T("+"), V(MS), T(" ms clock, "),
    V(MS), T("+"), V(MS), T("/"), V(MS), T("/"), V(MS), T("+"), V(MS), T(" ms cpu, "),
    V(INT), T("->"), V(INT), T("->"), V(INT), T(" MB, "), V(INT), T(" MB goal, "),
    V(INT), T(" MB stacks, "), V(INT), T(" MB globals, "), V(INT), T(" P"), OPT(" (forced)"),
    T("\n"),
};
static const Token scan_line[] = { // gctrace=2, Green Tea
    T("scan: total "), V(INT), T("+"), V(INT), T("+"), V(INT), T("="), V(INT), T(" objs"),
    T(", "), V(INT), T("+"), V(INT), T("="), V(INT), T(" spans\n"),
};
static const Token scan_classic_line[] = {T("scan: total "), V(INT), T(" objs\n")};
static const Token pacer_line[] = {
    T("pacer: "), V(INT), T("% CPU ("), V(INT), T(" exp.) for "),
    V(INT), T("+"), V(INT), T("+"), V(INT), T(" B work ("), V(INT), T(" B exp.) "),
    T("in "), V(INT), T(" B -> "), V(INT), T(" B (∆goal "), V(SIGNED), T(", cons/mark "), V(FLOAT), T(")"),
    OPT("[controller reset]"), T("\n"),
};
// clang-format on

typedef struct Span {
    size_t start, end;
} Span;

enum {
    HINTS = 4,
    FEED_MAX = 1 << 16,
    HELD_MAX = 1 << 20,    // bytes held back for one line before it is given up
    STEPS_MAX = 1 << 20,   // tokens tried for one line
    WITHIN_LINE_MAX = 512, // how far text without a line end is looked past
};

// One attempt to read a pattern from text[at..].
typedef struct Match {
    Str text;
    const Token *tokens;
    uint32_t token_count;
    bool within_lines; // also try foreign text that has no line end
    Str hints[HINTS];  // how foreign lines begin, to tell their digits from ours
    uint32_t expected; // the cycle number that would come next

    double values[TOKENS_MAX];
    Span foreign[TOKENS_MAX]; // skipped before each token
    uint64_t *failed;         // per line start: bit k = token k was not found from here on
    size_t *line_starts;
    size_t line_count;
    size_t end;
    uint32_t steps;
    bool wants_more; // more input could still complete it
} Match;

struct GcTrace {
    Arena *arena;
    Buf input;
    size_t at;               // input up to here is decided on
    size_t tried_len;        // length of the held text at the last attempt that wanted more
    VEC(uint64_t) failed;    // scratch of match_line
    VEC(size_t) line_starts; // likewise
    bool ended;
    GcCycleVec cycles;
    Buf foreign;
    struct {
        char bytes[64];
        size_t len;
    } hints[HINTS];
    size_t next_hint;
    GcTraceCounts counts;
    GcCycle pacer; // the exact figures that wait for their line
    bool have_pacer, have_last;
    GcCycle last;
};

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static size_t digits_at(Str s, size_t p) {
    size_t n = 0;
    while (p + n < s.len && is_digit(s.ptr[p + n])) n++;
    return n;
}

// The bytes a number of this kind has at p when nothing foreign touches it; 0 is no number.
static size_t number_len(Str s, size_t p, TokenKind kind) {
    size_t start = p;
    if (kind == TOKEN_SIGNED && p < s.len && s.ptr[p] == '-') p++;
    if (kind == TOKEN_FLOAT) {
        while (p < s.len && (is_digit(s.ptr[p]) || memchr("+-.eE", s.ptr[p], 5))) p++;
        if (p == start && s.len - p >= 3 && memcmp(s.ptr + p, "NaN", 3) == 0) p += 3;
        return p - start;
    }
    size_t whole = digits_at(s, p);
    if (whole == 0) return 0;
    p += whole;
    if (kind == TOKEN_INT || kind == TOKEN_SIGNED) return p - start;
    bool point = p < s.len && s.ptr[p] == '.';
    if (kind == TOKEN_MS && (!point || whole > 1))
        return p - start; // from 10 ms on without decimals
    if (!point) return 0;
    size_t decimals = digits_at(s, p + 1), want = 3;
    if (kind == TOKEN_MS) {
        if (s.ptr[start] != '0')
            want = 1;
        else if (decimals > 0 && s.ptr[p + 1] != '0')
            want = 2;
    }
    return decimals >= want ? p + 1 + want - start : 0;
}

static double number_value(Str digits) {
    if (digits.len == 0) return 0;
    char text[40]; // longer ones are no figures of a collector
    size_t n = MIN(digits.len, sizeof text - 1);
    memcpy(text, digits.ptr, n);
    text[n] = 0;
    return strtod(text, NULL);
}

static size_t common_prefix(Str x, Str y) {
    size_t n = 0;
    while (n < x.len && n < y.len && x.ptr[n] == y.ptr[n]) n++;
    return n;
}

static bool match_from(Match *m, uint32_t k, size_t p);

static bool text_follows(const Match *m, uint32_t k, size_t p) {
    for (; k < m->token_count && m->tokens[k].kind == TOKEN_TEXT; k++) {
        if (str_starts(str_from(m->text, p), m->tokens[k].text)) return true;
        if (!m->tokens[k].optional) return false;
    }
    return false;
}

// How much the text at p looks like the start of a foreign line.
static double foreignness(const Match *m, Str text, Str next_line) {
    size_t best = common_prefix(text, next_line);
    for (size_t i = 0; i < HINTS; i++) best = MAX(best, common_prefix(text, m->hints[i]));
    return (double)best;
}

enum {
    DIGITS_MAX = 20,
    FOLLOWS_SCORE = 6, // worth as much as this many bytes in common with a foreign line
    FOREIGN_SCORE = 4,
};

// Digits, which may run into foreign digits or be foreign themselves: every cut is tried, first the
// one after which the text looks most like a foreign line. All else equal the digits belong
// together, the more so when the text that must follow does; the expected cycle number wins.
static bool match_digits(Match *m, uint32_t k, size_t p, size_t len) {
    len = MIN(len, (size_t)DIGITS_MAX);
    size_t after = p;
    while (after < m->text.len && m->text.ptr[after] != '\n') after++;
    Str next_line = str_from(m->text, after + 1);
    double score[DIGITS_MAX + 1];
    // The next line may be one of our own pieces, so it does not tell that this one is foreign.
    score[0] = foreignness(m, str_from(m->text, p), STR(""));
    for (size_t n = 1; n <= len; n++) {
        score[n] = foreignness(m, str_from(m->text, p + n), next_line);
        bool follows = n == len && text_follows(m, k + 1, p + n);
        if (n == len) score[n] = follows ? MAX(score[n], FOLLOWS_SCORE) : score[n] + 0.5;
        if (k == 1 && number_value(str_slice(m->text, p, p + n)) == m->expected) score[n] += 1000;
    }
    for (size_t round = 0; round <= len; round++) {
        size_t best = 0;
        for (size_t n = 1; n <= len; n++)
            if (score[n] > score[best]) best = n;
        if (best == 0 && !m->within_lines && score[0] >= FOREIGN_SCORE) return false;
        score[best] = -1;
        m->values[k] = number_value(str_slice(m->text, p, p + best));
        if (best > 0 && match_from(m, k + 1, p + best)) return true;
    }
    return false;
}

// Token k at p and the rest after it.
static bool match_token(Match *m, uint32_t k, size_t p) {
    const Token *t = &m->tokens[k];
    if (t->kind == TOKEN_TEXT) {
        if (!str_starts(str_from(m->text, p), t->text)) return false;
        m->values[k] = 1;
        return match_from(m, k + 1, p + t->text.len);
    }
    size_t len = number_len(m->text, p, t->kind);
    if (len == 0) return false;
    if (digits_at(m->text, p) == len) return match_digits(m, k, p, len);
    bool follows = text_follows(m, k + 1, p + len);
    if (!m->within_lines && !follows &&
        foreignness(m, str_from(m->text, p), STR("")) >= FOREIGN_SCORE)
        return false;
    m->values[k] = number_value(str_slice(m->text, p, p + len));
    return match_from(m, k + 1, p + len);
}

// Foreign text without a line end before token k: later places in the same line.
static bool match_within_line(Match *m, uint32_t k, size_t p) {
    const Token *t = &m->tokens[k];
    size_t limit = MIN(m->text.len, p + WITHIN_LINE_MAX);
    for (size_t q = p + 1; q < limit && m->text.ptr[q - 1] != '\n'; q++) {
        if (m->steps++ > STEPS_MAX) return false;
        if (t->kind != TOKEN_TEXT) {
            if (is_digit(m->text.ptr[q - 1])) continue;
            size_t len = number_len(m->text, q, t->kind);
            if (len == 0 || !text_follows(m, k + 1, q + len)) continue;
        }
        m->foreign[k] = (Span){p, q};
        if (match_token(m, k, q)) return true;
    }
    return false;
}

static size_t next_line(Str s, size_t p) {
    const char *nl = p < s.len ? memchr(s.ptr + p, '\n', s.len - p) : NULL;
    return nl ? (size_t)(nl - s.ptr) + 1 : STR_NONE;
}

// The place of p among the line starts, or STR_NONE.
static size_t line_at(const Match *m, size_t p) {
    size_t low = 0, high = m->line_count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (m->line_starts[mid] < p)
            low = mid + 1;
        else
            high = mid;
    }
    return low < m->line_count && m->line_starts[low] == p ? low : STR_NONE;
}

// Whether a line of the collector begins in text[p, end): what is being read has then ended broken.
static bool begins_cycle(Str s, size_t p, size_t end) {
    for (; p + 6 < end; p++) {
        const char *hit = memmem(s.ptr + p, end - p, "gc ", 3);
        if (!hit) return false;
        p = (size_t)(hit - s.ptr);
        size_t n = digits_at(s, p + 3);
        if (n > 0 && p + 3 + n + 2 <= end && memcmp(s.ptr + p + 3 + n, " @", 2) == 0) return true;
    }
    return false;
}

// Tokens k.. from p on, with foreign text before each.
static bool match_from(Match *m, uint32_t k, size_t p) {
    if (k == m->token_count) {
        m->end = p;
        return true;
    }
    size_t start = p;
    for (;;) {
        if (m->steps++ > STEPS_MAX) return false;
        size_t line = line_at(m, p);
        if (line != STR_NONE && (m->failed[line] >> k & 1)) return false;
        size_t q = next_line(m->text, p);
        // Where the next line of the collector begins, this one has come to its end unread.
        bool overrun = p > 0 && begins_cycle(m->text, p, q == STR_NONE ? m->text.len : q);
        if (overrun && p > start) return false;
        m->foreign[k] = (Span){start, p};
        if (match_token(m, k, p)) return true;
        if (k == 0 || overrun) return false; // the first token is where the attempt begins
        if (m->within_lines && match_within_line(m, k, p)) {
            m->foreign[k].start = start;
            return true;
        }
        m->foreign[k] = (Span){start, start};
        if (m->tokens[k].optional) {
            m->values[k] = 0;
            if (p == start && match_from(m, k + 1, p)) return true;
        }
        if (line != STR_NONE) m->failed[line] |= (uint64_t)1 << k;
        if (q == STR_NONE) {
            m->wants_more = true;
            return false;
        }
        p = q;
        bool skipped_option = k > 0 && m->tokens[k - 1].optional && m->values[k - 1] == 0;
        if (skipped_option && str_starts(str_from(m->text, p), m->tokens[k - 1].text)) return false;
    }
}

static Str held(const GcTrace *t) { return str_from(buf_view(&t->input), t->at); }

static void drop_held(GcTrace *t, size_t n) {
    t->at += n;
    t->tried_len = 0;
}

typedef enum Outcome { OUTCOME_NONE, OUTCOME_READ, OUTCOME_WAIT } Outcome;

// Reads the pattern at text[0..]; foreign text between the tokens is handed on.
static Outcome match_line(GcTrace *t, Match *m, const Token *tokens, size_t count) {
    ASSERT(count <= TOKENS_MAX);
    Str text = held(t);
    *m = (Match){.text = text, .tokens = tokens, .token_count = (uint32_t)count};
    for (size_t i = 0; i < HINTS; i++) m->hints[i] = (Str){t->hints[i].bytes, t->hints[i].len};
    m->expected = t->have_last ? t->last.number + 1 : 1;
    t->failed.len = t->line_starts.len = 0;
    for (size_t p = next_line(text, 0); p != STR_NONE; p = next_line(text, p)) {
        vec_push(t->arena, &t->line_starts, p);
        vec_push(t->arena, &t->failed, 0);
    }
    m->failed = t->failed.v;
    m->line_starts = t->line_starts.v;
    m->line_count = t->line_starts.len;
    if (match_from(m, 0, 0)) return OUTCOME_READ;
    bool waits = m->wants_more && m->steps < STEPS_MAX && text.len < HELD_MAX && !t->ended;
    if (waits) return OUTCOME_WAIT;
    m->within_lines = true;
    m->steps = 0;
    if (m->line_count) memset(m->failed, 0, m->line_count * sizeof *m->failed);
    return match_from(m, 0, 0) ? OUTCOME_READ : OUTCOME_NONE;
}

// Remembers how foreign lines begin, a new manner in place of the oldest.
static void note_hint(GcTrace *t, Str line) {
    size_t len = MIN(line.len, sizeof t->hints[0].bytes);
    if (len < 2) return;
    size_t at = t->next_hint;
    for (size_t i = 0; i < HINTS; i++) {
        Str have = {t->hints[i].bytes, t->hints[i].len};
        if (common_prefix(have, line) >= FOREIGN_SCORE) at = i;
    }
    if (at == t->next_hint) t->next_hint = (t->next_hint + 1) % HINTS;
    memcpy(t->hints[at].bytes, line.ptr, len);
    t->hints[at].len = len;
}

static bool hand_on_gaps(GcTrace *t, const Match *m) {
    bool torn = false;
    for (uint32_t k = 0; k < m->token_count; k++) {
        Str gap = str_slice(m->text, m->foreign[k].start, m->foreign[k].end);
        if (gap.len == 0) continue;
        buf_str(&t->foreign, gap);
        torn = true;
        note_hint(t, gap);
    }
    return torn;
}

static uint64_t mib(double n) { return n >= 0 && n < 1e9 ? (uint64_t)n << 20 : 0; }
static uint64_t whole(double n) { return n >= 0 && n < 1e18 ? (uint64_t)n : 0; }
static uint32_t whole32(double n) { return n >= 0 && n < 4e9 ? (uint32_t)n : 0; }

// A line cannot say two things about one process: time and number only grow, unless it restarted.
static void file_cycle(GcTrace *t, GcCycle *c) {
    if (t->have_last) {
        c->epoch = t->last.epoch;
        bool again = c->number <= t->last.number || c->start_s + 0.0005 < t->last.start_s;
        if (again) {
            t->counts.restarts++;
            c->epoch++;
            t->counts.lost += c->number > 1 && c->number < 1000 ? c->number - 1 : 0;
        } else {
            t->counts.lost += c->number - t->last.number - 1;
        }
    }
    if (t->have_pacer && t->pacer.heap_start >> 20 == c->heap_start >> 20 &&
        t->pacer.heap_end >> 20 == c->heap_end >> 20) {
        c->exact = true;
        c->heap_start = t->pacer.heap_start;
        c->heap_end = t->pacer.heap_end;
        c->goal = t->pacer.goal;
        c->scan_heap = t->pacer.scan_heap;
        c->scan_stacks = t->pacer.scan_stacks;
        c->scan_globals = t->pacer.scan_globals;
    }
    t->have_pacer = false;
    t->last = *c;
    t->have_last = true;
    t->counts.cycles++;
    if (c->torn) t->counts.torn++;
    vec_push(t->arena, &t->cycles, *c);
}

static void take_cycle(GcTrace *t, const Match *m) {
    const double *v = m->values;
    GcCycle c = {.number = whole32(v[1]), .start_s = v[3], .cpu_percent = whole32(v[5])};
    c.leak_check = v[7] != 0;
    c.stop_sweep_ms = v[9], c.mark_ms = v[11], c.stop_mark_ms = v[13];
    c.cpu_stop_sweep_ms = v[15], c.cpu_assist_ms = v[17], c.cpu_worker_ms = v[19];
    c.cpu_idle_ms = v[21], c.cpu_stop_mark_ms = v[23];
    c.heap_start = mib(v[25]), c.heap_end = mib(v[27]), c.marked = mib(v[29]);
    c.goal = mib(v[31]), c.stacks = mib(v[33]), c.globals = mib(v[35]);
    c.procs = whole32(v[37]);
    c.forced = v[39] != 0;
    c.torn = hand_on_gaps(t, m);
    file_cycle(t, &c);
}

static void take_pacer(GcTrace *t, const Match *m) {
    const double *v = m->values;
    hand_on_gaps(t, m);
    t->counts.runtime++;
    t->pacer = (GcCycle){
        .scan_heap = whole(v[5]), .scan_stacks = whole(v[7]), .scan_globals = whole(v[9])};
    t->pacer.heap_start = whole(v[14]);
    t->pacer.heap_end = whole(v[16]);
    t->pacer.goal = whole(v[16] - v[18]);
    t->have_pacer = true;
}

static void take_scan(GcTrace *t, const Match *m) {
    const double *v = m->values;
    hand_on_gaps(t, m);
    t->counts.runtime++;
    if (t->cycles.len == 0) return;
    GcCycle *c = &vec_last(&t->cycles);
    c->objs_single = whole(v[1]);
    if (m->token_count < 10) return;
    c->objs_sparse = whole(v[3]);
    c->objs_dense = whole(v[5]);
}

typedef struct LineForm {
    Str start;
    const Token *tokens;
    size_t count;
    void (*take)(GcTrace *, const Match *);
} LineForm;

static const LineForm forms[] = {
    {STR_INIT("gc "), gc_line, COUNT(gc_line), take_cycle},
    {STR_INIT("scan: total "), scan_line, COUNT(scan_line), take_scan},
    {STR_INIT("scan: total "), scan_classic_line, COUNT(scan_classic_line), take_scan},
    {STR_INIT("pacer: "), pacer_line, COUNT(pacer_line), take_pacer},
};

// Lines of the runtime that carry nothing we use. Asked for with gctrace or gcpacertrace they are
// ours; scavtrace was asked for by someone else, so its lines go on to him.
static bool is_runtime_noise(Str line) {
    if (str_eq_c(line, "GC forced\n")) return true;
    if (str_cut_prefix(&line, STR("scan: class "))) { // torn, it holds text of someone else
        for (size_t i = 0; i < line.len; i++)
            if (!memchr("0123456789BL+=, objspan\n", line.ptr[i], 24)) return false;
        return true;
    }
    bool pacer = str_cut_prefix(&line, STR("pacer: assist ratio=")) ||
                 str_cut_prefix(&line, STR("pacer: sweep done")) ||
                 str_cut_prefix(&line, STR("pacer: H_m_prev="));
    return pacer && str_find_byte(line, ':') == STR_NONE && str_find_byte(line, '"') == STR_NONE;
}

static bool might_start(Str text) {
    for (size_t i = 0; i < COUNT(forms); i++)
        if (str_starts(text, forms[i].start)) return true;
    return false;
}

// Where the next line of the collector may begin: at a line start, or anywhere as "gc 12 @".
static size_t next_start(Str s) {
    if (might_start(s)) return 0;
    size_t line_end = next_line(s, 0);
    size_t end = line_end == STR_NONE ? s.len : line_end;
    for (size_t p = 1; p + 5 < end; p++) {
        const char *hit = memmem(s.ptr + p, end - p, "gc ", 3);
        if (!hit) break;
        p = (size_t)(hit - s.ptr);
        size_t n = digits_at(s, p + 3);
        if (n > 0 && str_starts(str_from(s, p + 3 + n), STR(" @"))) return p;
    }
    return STR_NONE;
}

// What stands at the front of the held text is no line of the collector.
static void pass_on_line(GcTrace *t, size_t len) {
    Str line = str_to(held(t), len);
    if (is_runtime_noise(line)) {
        t->counts.runtime++;
    } else {
        if (str_starts(line, STR("scav "))) t->counts.runtime++;
        note_hint(t, line);
        buf_str(&t->foreign, line);
    }
    drop_held(t, len);
}

// Reads the line that may begin at the front of the held text. False: wait for more input.
static bool read_candidate(GcTrace *t) {
    bool wait = false;
    for (size_t i = 0; i < COUNT(forms); i++) {
        if (!str_starts(held(t), forms[i].start)) continue;
        Match m;
        Outcome got = match_line(t, &m, forms[i].tokens, forms[i].count);
        if (got == OUTCOME_READ) {
            forms[i].take(t, &m);
            drop_held(t, m.end);
            return true;
        }
        // Only the collector's own line may hold others back; the rest must stand whole.
        if (got == OUTCOME_WAIT && (i == 0 || next_line(held(t), 0) == STR_NONE)) wait = true;
    }
    if (wait) return false;
    if (begins_cycle(held(t), 0, MIN(held(t).len, (size_t)64))) t->counts.broken++;
    size_t end = next_line(held(t), 0);
    pass_on_line(t, end == STR_NONE ? held(t).len : end);
    return true;
}

// Decides on as much of the held text as can be decided.
static void decide(GcTrace *t) {
    while (held(t).len > 0) {
        size_t first = next_line(held(t), 0);
        if (first != STR_NONE && is_runtime_noise(str_to(held(t), first))) {
            pass_on_line(t, first);
            continue;
        }
        size_t start = next_start(held(t));
        if (start == 0) {
            // A long wait is not tried again for every few bytes.
            size_t len = held(t).len;
            bool worth = t->ended || len >= t->tried_len + t->tried_len / 8;
            if (worth && read_candidate(t)) continue;
            if (worth) t->tried_len = len;
            return;
        }
        if (start != STR_NONE) {
            pass_on_line(t, start);
            continue;
        }
        size_t end = next_line(held(t), 0);
        if (end == STR_NONE && !t->ended) return;
        pass_on_line(t, end == STR_NONE ? held(t).len : end);
    }
}

GcTrace *gctrace_new(Arena *a) {
    GcTrace *t = NEW(a, GcTrace);
    t->arena = a;
    t->input = buf_new(a);
    t->foreign = buf_new(a);
    return t;
}

void gctrace_feed(GcTrace *t, Str bytes) {
    while (bytes.len > 0) {
        if (t->at > 0) {
            memmove(t->input.ptr, t->input.ptr + t->at, t->input.len - t->at);
            t->input.len -= t->at;
            t->at = 0;
        }
        size_t n = MIN(bytes.len, (size_t)FEED_MAX); // what is matched at a time stays small
        buf_str(&t->input, str_to(bytes, n));
        bytes = str_from(bytes, n);
        decide(t);
    }
}

void gctrace_settle(GcTrace *t) {
    bool ended = t->ended;
    // A line of the collector is written at once: one that has come this far is only cut by us.
    if (might_start(held(t)) && begins_cycle(held(t), 0, MIN(held(t).len, (size_t)64))) {
        t->tried_len = 0;
        decide(t);
        return;
    }
    t->ended = true;
    decide(t);
    t->ended = ended;
}

void gctrace_end(GcTrace *t) {
    t->ended = true;
    decide(t);
}

GcCycleVec *gctrace_cycles(GcTrace *t) { return &t->cycles; }
Buf *gctrace_foreign(GcTrace *t) { return &t->foreign; }
GcTraceCounts gctrace_counts(const GcTrace *t) { return t->counts; }
