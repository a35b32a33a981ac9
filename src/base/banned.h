// base/banned.h: libc functions that cannot be used safely are errors here (as git does).
#ifndef HEAPWISE_BASE_BANNED_H
#define HEAPWISE_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef __cplusplus
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef strtok
#undef sprintf
#undef vsprintf
#undef atoi
#undef atol
#undef alloca
#pragma GCC poison strcpy strcat strncpy strncat strtok sprintf vsprintf atoi atol alloca gets
#endif

#endif
