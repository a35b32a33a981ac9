// cli/profile_gate.c: `heapwise profile gate OLD NEW`: did what a profile counts grow?
#include <math.h>

#include "bench/bench.h"
#include "cli/profile_cli.h"
#include "sys/file.h"
#include "view/profile_gate.h"

// "10%", "64KB", "2.5MB", "500", "any"
static Err parse_limit(Arena *a, Str text, ProfileLimit *out) {
    static const struct {
        const char *suffix;
        double factor;
    } units[] = {{"GB", 1 << 30}, {"MB", 1 << 20}, {"kB", 1 << 10}, {"KB", 1 << 10}, {"B", 1}};
    if (str_eq(text, STR("any"))) {
        out->never = true;
        return NULL;
    }
    Str number = text;
    double v, factor = 1;
    bool share = str_cut_suffix(&number, STR("%"));
    for (size_t i = 0; !share && i < COUNT(units); i++)
        if (str_cut_suffix(&number, str_c(units[i].suffix))) {
            factor = units[i].factor;
            break;
        }
    if (!bench_parse_number(a, number, &v) || !(v >= 0) || isinf(v))
        return err_new(a, ERR_USAGE, 0, "limit " STR_FMT ": wants 10%%, 64KB, 500 or any",
                       STR_ARG(text));
    if (share)
        out->share = v / 100;
    else
        out->amount = v * factor;
    return NULL;
}

static Err parse_limits(Cli *cli, ProfileLimitVec *out) {
    const StrVec *rules = args_list(&cli->args, "rule");
    for (uint32_t i = 0; i < rules->len; i++) {
        Str text = rules->v[i];
        size_t at = text.len;
        while (at > 0 && text.ptr[at - 1] != '=') at--;
        if (at == 0)
            return err_new(cli->arena, ERR_USAGE, 0, "--rule=" STR_FMT ": wants NAMES=LIMIT",
                           STR_ARG(text));
        ProfileLimit l = {0};
        TRY(parse_limit(cli->arena, str_from(text, at), &l));
        Regex *names;
        Err err = regex_compile(cli->arena, str_to(text, at - 1), &names);
        if (err) return err_wrap(cli->arena, err, "--rule=" STR_FMT, STR_ARG(text));
        l.names = names;
        vec_push(cli->arena, out, l);
    }
    ProfileLimit rest = {0};
    TRY(parse_limit(cli->arena, args_value(&cli->args, "max-growth", STR("5%")), &rest));
    vec_push(cli->arena, out, rest);
    return NULL;
}

static void free_limits(ProfileLimitVec *limits) {
    for (uint32_t i = 0; i < limits->len; i++) regex_free((Regex *)(uintptr_t)limits->v[i].names);
}

Err profile_parse_by(Cli *cli, ProfileBy *out, Str *label) {
    Str by = args_value(&cli->args, "by", STR("function"));
    *out = PROFILE_BY_FUNCTION;
    if (str_eq(by, STR("function"))) return NULL;
    *out = PROFILE_BY_PACKAGE;
    if (str_eq(by, STR("package"))) return NULL;
    *out = PROFILE_BY_STACK;
    if (str_eq(by, STR("stack"))) return NULL;
    *out = PROFILE_BY_LABEL;
    *label = by;
    if (str_cut_prefix(label, STR("label:")) && label->len) return NULL;
    return err_new(cli->arena, ERR_USAGE, 0,
                   "--by=" STR_FMT ": function, package, stack or label:KEY", STR_ARG(by));
}

static Err parse_alpha(Cli *cli, double *alpha) {
    *alpha = 0.01;
    if (!args_given(&cli->args, "alpha")) return NULL;
    Str text = args_value(&cli->args, "alpha", (Str){0});
    if (bench_parse_number(cli->arena, text, alpha) && *alpha > 0 && *alpha < 1) return NULL;
    return err_new(cli->arena, ERR_USAGE, 0, "--alpha=" STR_FMT ": wants a number between 0 and 1",
                   STR_ARG(text));
}

static Err read_side(Arena *a, Str path, Profile *out) {
    Str bytes;
    TRY(file_read(a, path, &bytes));
    Err err = profile_read(a, bytes, out);
    return err ? err_wrap(a, err, STR_FMT, STR_ARG(path)) : NULL;
}

static Err compare(Cli *cli, const ProfileGateRules *rules, Profile *sides, Status *status) {
    const Str *paths = cli->args.rest.v + 1;
    for (int i = 0; i < 2; i++) TRY(read_side(cli->arena, paths[i], &sides[i]));
    ProfileGate gate;
    TRY(profile_gate(cli->arena, &sides[0], &sides[1], rules, &gate));
    ProfileGatePage page = {&gate, paths[1], args_flag(&cli->args, "all")};
    view_profile_gate(cli->doc, &page);
    *status = gate.count[PROFILE_WORSE] ? STATUS_FINDINGS : STATUS_OK;
    return cli_draw_format(cli);
}

Err cli_profile_gate(Cli *cli, Status *status) {
    const StrVec *words = &cli->args.rest;
    if (words->len != 3)
        return err_new(cli->arena, ERR_USAGE, 0, "profile gate wants two profiles: OLD NEW");
    ProfileGateRules rules = {.value = args_value(&cli->args, "sample_index", STR("")),
                              .new_sites = args_flag(&cli->args, "new-sites")};
    TRY(profile_parse_by(cli, &rules.by, &rules.label));
    TRY(parse_alpha(cli, &rules.alpha));
    Profile sides[2] = {{0}};
    Err err = parse_limits(cli, &rules.limits);
    if (!err) err = compare(cli, &rules, sides, status);
    for (int i = 0; i < 2; i++) profile_free(&sides[i]);
    free_limits(&rules.limits);
    return err;
}
