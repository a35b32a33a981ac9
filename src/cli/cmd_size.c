// cli/cmd_size.c: what a program's file is made of, what changed, and a gate on growth.
#include <math.h>

#include "cli/commands.h"
#include "sys/file.h"
#include "view/size.h"

static const Option options[] = {
    {"by", OPTION_VALUE, "package|module|function|type|kind", "rows of the table (default package)",
     0},
    {"top", OPTION_VALUE, "N", "show the N largest rows (default 40; 0: all)", 'n'},
    {"diff", OPTION_FLAG, NULL, "compare two programs: OLD NEW", 0},
    {"html", OPTION_VALUE, "FILE", "also write one self-contained page with a treemap", 0},
    {"max-growth", OPTION_VALUE, "BYTES|PERCENT%",
     "with --diff: exit with 1 when the file grew by more", 0},
};

static Err open_program(Cli *cli, Str path, Binary *out) {
    FileMap map; // stays mapped until the program ends: the page points into it
    TRY(file_map(cli->arena, path, &map));
    Err e = binary_open(cli->arena, map.bytes, out);
    return e ? err_wrap(cli->arena, e, STR_FMT, STR_ARG(path)) : NULL;
}

// "4096" is bytes, "1.5%" a share of the old file.
static Err read_limit(const Cli *cli, uint64_t old_bytes, int64_t *out) {
    Str word = args_value(&cli->args, "max-growth", STR("")), number = word;
    double v;
    bool percent = str_cut_suffix(&number, STR("%"));
    if (!str_to_f64(number, &v) || v < 0 || !isfinite(v))
        return err_new(cli->arena, ERR_USAGE, 0,
                       "--max-growth=" STR_FMT ": wants bytes or a percentage like 1.5%%",
                       STR_ARG(word));
    *out = (int64_t)(percent ? (double)old_bytes * v / 100 : v);
    return NULL;
}

static Err run_diff(Cli *cli, const SizeOptions *o, Status *status) {
    const StrVec *paths = &cli->args.rest;
    Binary programs[2];
    if (paths->len != 2)
        return err_new(cli->arena, ERR_USAGE, 0, "size --diff: name the old and the new program");
    for (int i = 0; i < 2; i++) TRY(open_program(cli, paths->v[i], &programs[i]));
    int64_t limit = INT64_MAX;
    if (args_given(&cli->args, "max-growth"))
        TRY(read_limit(cli, programs[0].object.bytes.len, &limit));
    int64_t grown =
        view_size_diff(cli->doc, paths->v, (const Binary *const[]){&programs[0], &programs[1]}, o);
    if (grown > limit) *status = STATUS_FINDINGS;
    if (grown > limit)
        doc_warn(cli->doc, "the file grew by %lld bytes; --max-growth allows %lld",
                 (long long)grown, (long long)limit);
    return NULL;
}

// The page for a browser is the same with a treemap.
static Err write_html(Cli *cli, Str path, const Binary *p, SizeOptions o) {
    Doc *page = doc_new(cli->arena, cli->doc->schema);
    Buf out = buf_new(cli->arena);
    o.treemap = true;
    view_size(page, cli->args.rest.v[0], p, &o);
    doc_render_html(page, &out);
    return file_write(cli->arena, path, buf_view(&out));
}

static Err run_size(Cli *cli, Status *status) {
    SizeOptions o = {0};
    uint64_t top = 40;
    Str by = args_value(&cli->args, "by", STR("package"));
    if (!size_by(by, &o.by))
        return err_new(cli->arena, ERR_USAGE, 0,
                       "--by=" STR_FMT ": package, module, function, type or kind", STR_ARG(by));
    TRY(args_u64(cli->arena, &cli->args, "top", &top));
    o.top = (uint32_t)MIN(top, (uint64_t)UINT32_MAX);
    if (args_flag(&cli->args, "diff")) return run_diff(cli, &o, status);
    if (cli->args.rest.len != 1)
        return err_new(cli->arena, ERR_USAGE, 0, "size: name one program (the output of go build)");
    Binary p;
    TRY(open_program(cli, cli->args.rest.v[0], &p));
    Str html = args_value(&cli->args, "html", STR(""));
    if (html.len) TRY(write_html(cli, html, &p, o));
    view_size(cli->doc, cli->args.rest.v[0], &p, &o);
    return NULL;
}

const Command cmd_size = {
    .name = "size",
    .summary = "charge every byte of a program's file to a module, package, function or type",
    .usage = "[--by package|module|function|type|kind] [--top N] [--html FILE] BINARY | --diff "
             "[--max-growth LIMIT] "
             "OLD NEW",
    .details =
        "Code, line tables, stack maps, type descriptors, constants, variables, debugging "
        "information and symbols "
        "are charged to the package that causes them; the rows add up to the file to the byte. "
        "Works on stripped "
        "programs. With --diff the change is shown row by row, and --max-growth makes it a gate.",
    .example = "heapwise size --diff --max-growth 1% old/server new/server",
    .schema = "heapwise.size/1",
    .options = OPTIONS(options),
    .run = run_size,
};
