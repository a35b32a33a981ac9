// engine/flow.h: the lines of an escape explanation, which -m=2 and -json word alike.
#ifndef HEAPWISE_ENGINE_FLOW_H
#define HEAPWISE_ENGINE_FLOW_H

#include "engine/engine.h"

size_t flow_rfind(Str s, Str what); // last place or STR_NONE
// `  flow: DST ← &SRC:` (before 1.25 `=` for the arrow).
bool flow_parse_step(Str text, EngineStep *out);
// `    from EXPR (WHY) at POS`; in JSON without the position, and *pos is empty.
bool flow_parse_note(Str text, EngineNote *out, Str *pos);

#endif
