/*
 * flaws.c: the kernel can be told to have the faults of the document it was born
 * from, each alone or all together. README.md says what each one does.
 */
#include "kernel.h"

struct flaws flaws;
_Static_assert(__builtin_offsetof(struct flaws, canonical_check) == FLAWS_CANONICAL_CHECK, "frame.h");

static const struct {
    const char *key, *value;
    bool *flag;
} switches[] = {
    {"star", "documented", &flaws.star},
    {"gdt", "documented", &flaws.gdt},
    {"upper-u", "0", &flaws.upper_u},
    {"entry", "documented", &flaws.entry},
    {"save-rcx", "0", &flaws.save_rcx},
    {"fmask", "documented", &flaws.fmask},
    {"tss", "unset", &flaws.tss},
    {"canonical-check", "0", &flaws.canonical_check},
};

void flaws_init(void)
{
    char value[16];

    flaws.documented = option("documented", value, sizeof(value));
    for (size_t i = 0; i < COUNT(switches); i++)
        *switches[i].flag = flaws.documented
            || (option(switches[i].key, value, sizeof(value)) && same(value, switches[i].value));
}

/* The kernel's name for its layout, in the first line of the log. */
void flaws_print(void)
{
    int n = 0;

    for (size_t i = 0; i < COUNT(switches) && !flaws.documented; i++)
        if (*switches[i].flag)
            print("%s%s=%s", n++ ? " " : "", switches[i].key, switches[i].value);
    if (n == 0)
        print("%s layout", flaws.documented ? "documented" : "corrected");
}
