// cli/cmd_live.c: the memory map of a running process.
#include <unistd.h>

#include "cli/commands.h"
#include "cli/live_target.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/stop.h"
#include "sys/term.h"
#include "view/live.h"

static const Option options[] = {
    {"top", OPTION_VALUE, "N", "rows of a table (default 20; 0: all)", 'n'},
    {"html", OPTION_VALUE, "FILE", "also write one self-contained page with a treemap", 0},
    {"every", OPTION_VALUE, "SECONDS", "look again and again, until interrupted", 0},
    {"exe", OPTION_VALUE, "FILE", "the program a core file came from, if not where it was", 0},
};

static Err write_html(Cli *cli, Str path, const LiveTarget *t, const LiveFacts *f, LiveOptions o) {
    Doc *page = doc_new(cli->arena, cli->doc->schema);
    Buf out = buf_new(cli->arena);
    o.treemap = true;
    view_live(page, t, f, &o);
    doc_render_html(page, &out);
    return file_write(cli->arena, path, buf_view(&out));
}

typedef struct Repeat {
    Arena *arena; // of one look
    uint32_t pid;
    double seconds;
    LiveTarget target;
    LiveOptions options;
    bool waited;
} Repeat;

// One page after another; on a terminal each takes the place of the last.
static Err next_page(void *context, Buf *piece, bool *more) {
    Repeat *r = context;
    LiveFacts facts;
    ArenaMark mark = arena_mark(r->arena);
    if (r->waited) usleep((useconds_t)(r->seconds * 1e6));
    r->waited = true;
    LiveTarget t = r->target;
    t.mappings = (LiveMappingVec){0};
    Err err = live_look(r->arena, &t, &facts);
    if (err)
        return err_new(piece->arena, err->code, 0, "pid:%u: " STR_FMT, r->pid, STR_ARG(err->what));
    Doc *d = doc_new(r->arena, "heapwise.live/1");
    DocTextStyle style = {term_width(STDOUT_FILENO), term_wants_color(STDOUT_FILENO)};
    view_live(d, &t, &facts, &r->options);
    if (term_is_tty(STDOUT_FILENO)) buf_lit(piece, "\x1b[H\x1b[2J");
    doc_render_text(d, style, piece);
    arena_pop_to(mark);
    *more = true;
    return NULL;
}

static Err run_repeat(Cli *cli, const LiveTarget *t, LiveOptions o) {
    Repeat *r = NEW(cli->arena, Repeat);
    *r = (Repeat){.arena = arena_new("live"), .pid = t->pid, .target = *t, .options = o};
    Str word = args_value(&cli->args, "every", STR(""));
    if (!str_to_f64(word, &r->seconds) || !(r->seconds >= 0.05 && r->seconds <= 3600))
        return err_new(cli->arena, ERR_USAGE, 0, "--every=" STR_FMT ": wants 0.05 to 3600 seconds",
                       STR_ARG(word));
    if (!t->pid) return err_new(cli->arena, ERR_USAGE, 0, "--every: a core file does not change");
    if (args_flag(&cli->args, "json"))
        return err_new(cli->arena, ERR_USAGE, 0, "--every is for people; --json gives one look");
    doc_stream(cli->doc, (DocStream){r, next_page});
    return NULL;
}

static Err run_live(Cli *cli, Status *status) {
    LiveTarget target;
    LiveFacts facts;
    uint64_t top = 20;
    Str name;
    TRY(args_u64(cli->arena, &cli->args, "top", &top));
    LiveOptions o = {.top = (uint32_t)MIN(top, (uint64_t)UINT32_MAX)};
    TRY(live_target_open(cli, true, &target, &name));
    if (args_given(&cli->args, "every")) return run_repeat(cli, &target, o);
    Err err = live_look(cli->arena, &target, &facts);
    if (err) return err_wrap(cli->arena, err, STR_FMT, STR_ARG(name));
    Str html = args_value(&cli->args, "html", STR(""));
    if (html.len) TRY(write_html(cli, html, &target, &facts, o));
    if (!view_live(cli->doc, &target, &facts, &o)) {
        doc_warn(cli->doc,
                 STR_FMT ": a cross-check failed: it did not stand at a place where its counts "
                         "are whole; try again",
                 STR_ARG(name));
        *status = STATUS_FINDINGS;
    }
    return NULL;
}

const Command cmd_live = {
    .name = "live",
    .summary = "show a running process's memory: where RSS is, heap, stacks, the runtime's own",
    .usage = "[--top N] [--html FILE] [--every SECONDS] PID | [--exe FILE] CORE",
    .details =
        "The process is stopped for some milliseconds, its runtime's structures are copied, and "
        "it is let go; nothing is written into it. Resident memory is put down to what holds it, "
        "line by line, until it adds up to the kernel's figure; what is left is called "
        "unexplained. Objects are counted slot by slot and compared with the runtime's own "
        "statistics: exit status 1 says that they differ. Linux, Go 1.24 to 1.27.",
    .example = "heapwise live 4711",
    .schema = "heapwise.live/1",
    .options = OPTIONS(options),
    .run = run_live,
};
