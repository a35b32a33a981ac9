// The two lines an escape explanation is made of, as text; both compiler outputs come here.
#include "engine/flow.h"

size_t flow_rfind(Str s, Str what) {
    for (size_t at = s.len; at-- > 0;)
        if (str_starts(str_from(s, at), what)) return at;
    return STR_NONE;
}

// A location may hold any expression, `{storage for a = b}`: the equals sign of old releases is
// looked for behind the closing brace of the destination.
static bool split_flow(Str text, Str *dst, Str *src) {
    static const Str ARROW = STR_INIT(" \xe2\x86\x90 "), EQUALS = STR_INIT(" = ");
    size_t at = str_find(text, ARROW), width = ARROW.len;
    if (at == STR_NONE) {
        size_t from = 0;
        if (str_starts(text, STR("{"))) {
            from = str_find(text, STR("} = "));
            if (from == STR_NONE) return false;
        }
        at = str_find(str_from(text, from), EQUALS);
        if (at == STR_NONE) return false;
        at += from;
        width = EQUALS.len;
    }
    *dst = str_to(text, at);
    *src = str_from(text, at + width);
    return true;
}

bool flow_parse_step(Str text, EngineStep *out) {
    text = str_trim(text);
    if (!str_cut_prefix(&text, STR("flow: ")) || !str_cut_suffix(&text, STR(":"))) return false;
    Str src;
    if (!split_flow(text, &out->dst, &src)) return false;
    out->derefs = 0;
    if (str_cut_prefix(&src, STR("&")))
        out->derefs = -1;
    else
        while (str_cut_prefix(&src, STR("*"))) out->derefs++;
    out->src = src;
    return true;
}

bool flow_parse_note(Str text, EngineNote *out, Str *pos) {
    text = str_trim(text);
    *pos = STR("");
    if (!str_cut_prefix(&text, STR("from "))) return false;
    size_t at = flow_rfind(text, STR(") at "));
    if (at != STR_NONE) {
        *pos = str_from(text, at + 5);
        text = str_to(text, at + 1);
    }
    size_t open = flow_rfind(text, STR(" ("));
    if (open == STR_NONE || !str_cut_suffix(&text, STR(")"))) return false;
    out->expr = str_to(text, open);
    out->why = str_from(text, open + 2);
    return true;
}
