// cli/live_target.c: digits are a process, anything else is a file.
#include "cli/live_target.h"

#include "sys/file.h"

static bool is_number(Str s) {
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9') return false;
    return s.len > 0;
}

static Err open_pid(Cli *cli, Str word, LiveTarget *out) {
    uint64_t pid = 0;
    if (!str_to_u64(word, &pid) || !pid || pid > INT32_MAX)
        return err_new(cli->arena, ERR_USAGE, 0, STR_FMT " is no process number", STR_ARG(word));
    return live_open_pid(cli->arena, (uint32_t)pid, out);
}

static Err open_core(Cli *cli, Str path, LiveTarget *out) {
    FileMap map; // stays mapped as long as the command
    TRY(file_map(cli->arena, path, &map));
    return live_open_core(cli->arena, map.bytes, args_value(&cli->args, "exe", STR("")), out);
}

Err live_target_open(Cli *cli, bool cores, LiveTarget *out, Str *name) {
    const char *wants =
        cores ? "name one process by its number, or a core file" : "name one process by its number";
    if (cli->args.rest.len != 1) return err_new(cli->arena, ERR_USAGE, 0, "%s", wants);
    Str word = cli->args.rest.v[0];
    bool pid = str_cut_prefix(&word, STR("pid:")) || is_number(word);
    *name = pid ? str_join2(cli->arena, STR("pid:"), word) : word;
    if (!pid && !cores)
        return err_new(cli->arena, ERR_USAGE, 0, STR_FMT " is no process number", STR_ARG(word));
    Err err = pid ? open_pid(cli, word, out) : open_core(cli, word, out);
    if (!err) err = live_learn_layout(cli->arena, out);
    return err ? err_wrap(cli->arena, err, STR_FMT, STR_ARG(*name)) : NULL;
}
