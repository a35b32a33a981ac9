// cli/cmd_heap.c: the object graph of a running process: who holds what.
#include "cli/commands.h"
#include "cli/live_target.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "view/heap.h"

static const Option options[] = {
    {"top", OPTION_VALUE, "N", "rows of a table (default 20; 0: all)", 'n'},
    {"why-alive", OPTION_VALUE, "TYPE|ADDR|VAR",
     "the shortest way from a root to objects of a type, one at an address, or a variable", 0},
    {"depth", OPTION_VALUE, "N", "levels of the dominator tree (default 6)", 0},
    {"share", OPTION_VALUE, "PERCENT", "least share of a line of the tree (default 1)", 0},
    {"html", OPTION_VALUE, "FILE", "also write one self-contained page with a treemap", 0},
    {"pprof", OPTION_VALUE, "FILE", "also write the dominator tree as a profile that pprof opens",
     0},
    {"diff", OPTION_VALUE, "CORE", "growth since an earlier core file of the same program", 0},
    {"seconds", OPTION_VALUE, "N", "look at the process twice, so many seconds apart: growth", 0},
    {"exe", OPTION_VALUE, "FILE", "the program a core file came from, if not where it was", 0},
};

static Err read_options(Cli *cli, HeapOptions *o) {
    uint64_t top = 20, depth = 6;
    Arena *a = cli->arena;
    TRY(args_u64(a, &cli->args, "top", &top));
    TRY(args_u64(a, &cli->args, "depth", &depth));
    *o = (HeapOptions){.top = (uint32_t)MIN(top, (uint64_t)UINT32_MAX),
                       .depth = (uint32_t)MIN(depth, (uint64_t)UINT32_MAX),
                       .share = 1,
                       .why = args_value(&cli->args, "why-alive", STR(""))};
    Str share = args_value(&cli->args, "share", STR("1"));
    if (!str_to_f64(share, &o->share) || !(o->share >= 0 && o->share <= 100))
        return err_new(a, ERR_USAGE, 0, "--share=" STR_FMT ": wants a percentage", STR_ARG(share));
    return NULL;
}

static Err write_files(Cli *cli, const LiveGraph *g, const HeapSummary *s, HeapOptions o) {
    Str html = args_value(&cli->args, "html", STR("")),
        pprof = args_value(&cli->args, "pprof", STR(""));
    if (html.len) {
        Doc *page = doc_new(cli->arena, cli->doc->schema);
        Buf out = buf_new(cli->arena);
        o.treemap = true;
        if (o.why.len) (void)view_heap_why(page, g, &o);
        view_heap(page, g, s, &o);
        doc_render_html(page, &out);
        TRY(file_write(cli->arena, html, buf_view(&out)));
    }
    if (!pprof.len) return NULL;
    Profile p;
    graph_profile(cli->arena, s, &p);
    return file_write(cli->arena, pprof, profile_encode(&p, cli->arena));
}

static Err show(Cli *cli, const LiveGraph *g, const HeapOptions *o, Status *status) {
    bool files = args_given(&cli->args, "pprof") || args_given(&cli->args, "html");
    if (o->why.len && !view_heap_why(cli->doc, g, o))
        return err_new(cli->arena, ERR_IO, 0,
                       "--why-alive=" STR_FMT ": no object, type or variable of that name holds "
                       "anything",
                       STR_ARG(o->why));
    if (o->why.len && !files) return NULL;
    HeapSummary s;
    graph_summary(cli->arena, g, &s);
    TRY(write_files(cli, g, &s, *o));
    if (o->why.len) return NULL;
    if (!view_heap(cli->doc, g, &s, o)) {
        doc_warn(cli->doc, "the counts do not agree with the runtime's: the process did not stand "
                           "at a place where they are whole; try again");
        *status = STATUS_FINDINGS;
    }
    return NULL;
}

typedef struct Moment {
    LiveTarget target;
    LiveImage image;
    LiveGraph graph;
} Moment;

// From a target that is open to its graph with dominators.
static Err read_moment(Cli *cli, Moment *m, bool keep_copy) {
    TRY(live_copy(cli->arena, &m->target, &m->image));
    Err err = graph_build(cli->arena, &m->target, &m->image, keep_copy, &m->graph);
    if (err) {
        live_image_free(&m->image);
        return err;
    }
    graph_dominate(&m->graph);
    return NULL;
}

static void free_moment(Moment *m) {
    graph_free(&m->graph);
    live_image_free(&m->image);
}

static Err summarize(Cli *cli, Moment *m, HeapSummary *out) {
    TRY(read_moment(cli, m, false));
    graph_summary(cli->arena, &m->graph, out);
    free_moment(m);
    return NULL;
}

// The earlier moment: a core file of the same program, or the process itself some seconds ago.
static Err read_before(Cli *cli, Str path, LiveTarget *process, HeapSummary *out) {
    FileMap map;
    Moment m;
    uint64_t seconds = 0;
    TRY(args_u64(cli->arena, &cli->args, "seconds", &seconds));
    if (!path.len) {
        if (!process->pid || seconds > 86400)
            return err_new(cli->arena, ERR_USAGE, 0,
                           "--seconds looks at a process twice, a day apart at most");
        m.target = *process;
        TRY(summarize(cli, &m, out));
        clock_sleep_ms((uint32_t)seconds * 1000);
        return NULL;
    }
    TRY(file_map(cli->arena, path, &map));
    Err err =
        live_open_core(cli->arena, map.bytes, args_value(&cli->args, "exe", STR("")), &m.target);
    if (!err) err = live_learn_layout(cli->arena, &m.target);
    if (!err) err = summarize(cli, &m, out);
    return err ? err_wrap(cli->arena, err, STR_FMT, STR_ARG(path)) : NULL;
}

static Err show_diff(Cli *cli, Moment *m, const HeapOptions *o) {
    HeapSummary before, after;
    TRY(read_before(cli, args_value(&cli->args, "diff", STR("")), &m->target, &before));
    TRY(summarize(cli, m, &after));
    view_heap_diff(cli->doc, &before, &after, o);
    return NULL;
}

static Err run_heap(Cli *cli, Status *status) {
    HeapOptions o;
    Str name;
    Moment m;
    TRY(read_options(cli, &o));
    TRY(live_target_open(cli, true, &m.target, &name));
    Err err;
    if (args_given(&cli->args, "diff") || args_given(&cli->args, "seconds")) {
        err = show_diff(cli, &m, &o);
    } else {
        err = read_moment(cli, &m, o.why.len > 0);
        if (err) return err_wrap(cli->arena, err, STR_FMT, STR_ARG(name));
        err = show(cli, &m.graph, &o, status);
        free_moment(&m);
    }
    return err;
}

const Command cmd_heap = {
    .name = "heap",
    .summary = "show who holds a running process's memory: types, roots, dominators, why alive",
    .usage = "[--why-alive TYPE|ADDR|VAR] [--top N] [--html FILE] [--pprof FILE] PID|CORE\n"
             "       heapwise heap --diff CORE [--top N] [--exe FILE] PID|CORE\n"
             "       heapwise heap --seconds N [--top N] PID",
    .details =
        "The process is stopped while its heap is copied, and runs on while it is worked out. "
        "Every object and every pointer is followed as the collector does; what a package "
        "variable, a goroutine or an object retains is what would go with it. Types come from "
        "the runtime's own headers, from interfaces and from debugging information, and the "
        "share of bytes of unknown type is said. Linux, Go 1.24 to 1.27.",
    .example = "heapwise heap --why-alive main.session 4711",
    .schema = "heapwise.heap/1",
    .options = OPTIONS(options),
    .run = run_heap,
};
