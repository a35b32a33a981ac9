// cli/cmd_objdump.c: the command line of `go tool objdump`.
#include <stdlib.h>

#include "cli/commands.h"
#include "codec/regex.h"
#include "sys/file.h"
#include "view/objdump.h"

static const Option options[] = {
    {"S", OPTION_FLAG, NULL, "print Go source lines between the instructions", 0},
    {"gnu", OPTION_FLAG, NULL, "print GNU assembly next to Go's", 0},
    {"s", OPTION_VALUE, "REGEXP", "only symbols with a match", 0},
    {"fix-avx", OPTION_FLAG, NULL,
     "amd64: show VEX and EVEX instructions as they are; Go's disassembler takes most of them for "
     "others",
     0},
};

// "$GOROOT/src/..." names the file of this machine's Go, as in Go's own os.ExpandEnv.
static Str expand(Arena *a, Str path) {
    size_t dollar = str_find_byte(path, '$');
    if (dollar == STR_NONE) return path;
    Buf out = buf_new(a);
    buf_str(&out, str_to(path, dollar));
    Str rest = str_from(path, dollar + 1), name = rest;
    bool braces = rest.len && rest.ptr[0] == '{';
    if (braces) {
        name = str_from(rest, 1);
        rest = name;
        name = str_split(&rest, '}');
    } else {
        size_t n = 0;
        while (n < rest.len && (rest.ptr[n] == '_' || (rest.ptr[n] | 32) >= 'a')) n++;
        name = str_to(rest, n);
        rest = str_from(rest, n);
    }
    buf_c(&out, getenv(str_to_c(a, name)));
    buf_str(&out, expand(a, rest));
    return buf_view(&out);
}

static bool read_source(void *ctx, Str path, Str *out) {
    Arena *a = ctx;
    str_cut_prefix(&path, STR("gofile.."));
    return file_try_read(a, str_to_c(a, path_clean(a, expand(a, path))), out);
}

static void release(void *ctx) { file_map_release(ctx); }

static Err read_pc(Arena *a, const char *what, Str word, uint64_t *out) {
    Str digits = word;
    str_cut_prefix(&digits, STR("0x"));
    uint64_t n = 0;
    bool good = digits.len > 0 && digits.len <= 16;
    for (size_t i = 0; i < digits.len && good; i++) {
        char c = digits.ptr[i] | 32;
        good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        n = n << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    if (!good) return err_new(a, ERR_USAGE, 0, "invalid %s PC: " STR_FMT, what, STR_ARG(word));
    *out = n;
    return NULL;
}

static Err run_objdump(Cli *cli, Status *status) {
    (void)status;
    const StrVec *words = &cli->args.rest;
    ObjdumpStyle style = {.source = args_flag(&cli->args, "S"),
                          .gnu = args_flag(&cli->args, "gnu"),
                          .fix_avx = args_flag(&cli->args, "fix-avx"),
                          .end = UINT64_MAX,
                          .read = read_source,
                          .read_ctx = cli->arena};
    if (words->len != 1 && words->len != 3)
        return err_new(cli->arena, ERR_USAGE, 0,
                       "objdump: name one program, or a program and two addresses");
    Str pattern = args_value(&cli->args, "s", STR(""));
    Regex *match = NULL;
    if (pattern.len) {
        Err e = regex_compile(cli->arena, pattern, &match);
        if (e)
            return err_new(cli->arena, ERR_USAGE, 0, "invalid -s regexp: " STR_FMT,
                           STR_ARG(e->what));
    }
    style.match = match; // the stream needs it, and frees it
    if (words->len == 3) {
        TRY(read_pc(cli->arena, "start", words->v[1], &style.start));
        TRY(read_pc(cli->arena, "end", words->v[2], &style.end));
    }
    FileMap *map = NEW(cli->arena, FileMap); // the stream outlives this function
    TRY(file_map(cli->arena, words->v[0], map));
    style.release = release;
    style.release_ctx = map;
    return view_objdump(cli->doc, words->v[0], map->bytes, &style);
}

const Command cmd_objdump = {
    .name = "objdump",
    .summary = "disassemble a program as go tool objdump does, stripped ones too",
    .usage = "[-S] [-gnu] [--fix-avx] [-s REGEXP] BINARY [START END]",
    .details =
        "The lines equal those of go tool objdump byte for byte, for amd64 and arm64 programs in "
        "ELF, Mach-O and PE files, archives and Go object files. START and END are hexadecimal "
        "addresses.",
    .example = "heapwise objdump -s '^main\\.' ./server",
    .schema = "heapwise.objdump/1",
    .options = OPTIONS(options),
    .run = run_objdump,
};
