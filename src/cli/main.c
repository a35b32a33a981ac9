// cli/main.c: finds the command, runs it, draws its page.
#include <signal.h>
#include <unistd.h>

#include "base/trace.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "sys/file.h"
#include "sys/task.h"
#include "sys/term.h"

static void complain(Str what) { fprintf(stderr, "heapwise: " STR_FMT "\n", STR_ARG(what)); }

// What follows the page in pieces; nothing is kept of it.
static Err write_streams(const Cli *cli) {
    Buf piece = buf_new(cli->arena);
    for (uint32_t i = 0; i < cli->doc->streams.len; i++) {
        DocStream s = cli->doc->streams.v[i];
        for (bool more = true; more;) {
            piece.len = 0;
            TRY(s.next(s.ctx, &piece, &more));
            TRY(file_write_fd(cli->arena, STDOUT_FILENO, buf_view(&piece), STR("standard output")));
        }
    }
    return NULL;
}

static Status write_page(const Cli *cli, bool json) {
    Buf out = buf_new(cli->arena);
    if (json) {
        doc_render_json(cli->doc, &out);
    } else {
        DocTextStyle style = {term_width(STDOUT_FILENO), term_wants_color(STDOUT_FILENO)};
        doc_render_text(cli->doc, style, &out);
    }
    Str errors = buf_view(&cli->doc->error_bytes);
    fwrite(errors.ptr, 1, errors.len, stderr);
    for (uint32_t i = 0; i < cli->doc->warnings.len; i++) complain(cli->doc->warnings.v[i]);
    Err e = file_write_fd(cli->arena, STDOUT_FILENO, buf_view(&out), STR("standard output"));
    if (!e && !json) e = write_streams(cli);
    if (e) complain(e->what);
    return e ? STATUS_USAGE : STATUS_OK;
}

// A command's own options and the two that every command has.
static OptionSet with_common(Arena *a, OptionSet own) {
    Option *all = NEW_ARRAY(a, Option, own.count + 2);
    for (uint32_t i = 0; i < own.count; i++) all[i] = own.list[i];
    all[own.count] = (Option){"json", OPTION_FLAG, NULL, "", 0};
    all[own.count + 1] = (Option){"help", OPTION_FLAG, NULL, "", 'h'};
    return (OptionSet){all, own.count + 2, .interleaved = true};
}

static Status run_command(Arena *a, const Command *c, int argc, char **argv) {
    Cli cli = {.arena = a, .doc = doc_new(a, c->schema), .argc = argc, .argv = argv};
    Err e = NULL;
    if (!c->raw) {
        e = args_parse(a, with_common(a, c->options), argv, argc, &cli.args);
        if (!e && args_flag(&cli.args, "help")) {
            doc_verbatim(cli.doc, cli_help(a, c));
            return write_page(&cli, false);
        }
    }
    Status status = STATUS_OK;
    bool json = !e && !c->raw && args_flag(&cli.args, "json");
    if (!e) e = c->run(&cli, &status);
    if (e) {
        complain(e->what);
        if (e->code == ERR_USAGE) fprintf(stderr, "usage: heapwise %s %s\n", c->name, c->usage);
        return STATUS_USAGE;
    }
    Status written = write_page(&cli, json);
    return written ? written : status;
}

static Status help(Arena *a, bool asked) {
    Str text = cli_help(a, NULL);
    fwrite(text.ptr, 1, text.len, asked ? stdout : stderr);
    return asked ? STATUS_OK : STATUS_USAGE;
}

// The go command calls its vet tool with -V=full, with -flags, and with flags and a .cfg file.
static bool is_vet_call(int argc, char **argv) {
    Str first = str_c(argv[1]), last = str_c(argv[argc - 1]);
    return str_eq_c(first, "-V=full") || str_eq_c(first, "-flags") || str_ends(last, STR(".cfg"));
}

static Status dispatch(Arena *a, int argc, char **argv) {
    if (argc < 2) return help(a, false);
    Str name = str_c(argv[1]);
    if (str_eq(name, STR("--help")) || str_eq(name, STR("-h")) || str_eq(name, STR("help")))
        return help(a, true);
    if (str_eq(name, STR("--version"))) name = STR("version");
    const Command *c = cli_find(name);
    if (!c && is_vet_call(argc, argv)) return run_command(a, &cmd_vet, argc - 1, argv + 1);
    if (!c) {
        complain(
            str_fmt(a, STR_FMT ": no such command; heapwise --help lists them", STR_ARG(name)));
        return STATUS_USAGE;
    }
    return run_command(a, c, argc - 2, argv + 2);
}

int cli_main(int argc, char **argv) {
    const char *trace = getenv("HEAPWISE_TRACE");
    if (trace && !trace_init(trace))
        complain(STR("HEAPWISE_TRACE: an unknown area is named in it"));
    Arena *a = arena_new("command");
    Status status = dispatch(a, argc, argv);
    arena_free(a);
    return status;
}

typedef struct Run {
    int argc;
    char **argv;
    int status;
} Run;

static void run_main(void *ctx) {
    Run *r = ctx;
    r->status = cli_main(r->argc, r->argv);
}

int main(int argc, char **argv) {
    Run r = {argc, argv, STATUS_OWN};
    task_on_large_stack(run_main, &r);
    return r.status;
}
